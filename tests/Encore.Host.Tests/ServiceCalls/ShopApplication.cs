using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Two services: clients call the shop, and the shop calls the store, whose endpoints are private.</summary>
internal static class ShopApplication
{
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        runtime.showRequests();
        const store = (name, first, second) => runtime.callService("store", name, first, second);
        const say = (text) => runtime.log(2, text, undefined);
        const describe = ({ code, message, details, cause }) => ({ code, message, details: details ?? null, cause: cause?.message ?? "" });
        const refused = (promise) => promise.then(() => { throw new Error("it was let in"); }, describe);
        class TestError extends Error {
          constructor(code, message, cause, details) { super(message, { cause }); this.code = code; this.details = details; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        let reads = 0;
        runtime.bind("shop.ts", {
          exchange: endpoint(async () => {
            const sent = { at: new Date(1000), count: 12345678901234567890n, data: new Uint8Array([1, 2, 255]), tags: new Set(["a", "b"]), token: "t" };
            const got = await store("echo", sent);
            return {
              kinds: Object.entries(got).map(([name, value]) => `${name}:${value?.constructor.name}`),
              values: [got.at.toISOString(), String(got.count), got.data.join(), [...got.tags].join(), got.token, String(got.status)],
            };
          }),
          wrongParameter: endpoint(() => refused(store("echo", { at: "now" }))),
          fail: endpoint(() => refused(store("fail"))),
          crash: endpoint(() => refused(store("crash"))),
          wrong: endpoint(() => refused(store("wrong"))),
          nothing: endpoint(async () => ({ answer: String(await store("nothing")) })),
          members: endpoint(() => refused(store("members"))),
          who: endpoint(() => store("who")),
          asGrace: endpoint(() => store("who", { authData: { userID: "grace", since: new Date(5000) } })),
          wait: endpoint(async () => { say("shop waits"); return store("wait"); }),
          read: endpoint(() => store("read").catch(describe)),
          write: endpoint(() => store("write").catch(describe)),
        });
        runtime.bind("store.ts", {
          echo: endpoint(async (request) => ({ ...request, status: 201, undeclared: 1 })),
          fail: endpoint(() => { throw new TestError("failed_precondition", "only 1 left", new Error("shelf"), { left: 1 }); }),
          crash: endpoint(() => { throw new TypeError("secret"); }),
          wrong: endpoint(() => ({ message: 7 })),
          nothing: endpoint(() => {}),
          members: endpoint(() => ({ message: "for members" })),
          who: endpoint(() => {
            const { trace, path, method } = runtime.currentRequest();
            const auth = runtime.authData();
            return { user: auth?.userID ?? "", since: auth?.since.toISOString() ?? "", trace: trace.traceId, parent: trace.parentSpanId, request: `${method} ${path}` };
          }),
          wait: endpoint(() => new Promise((_, reject) => {
            const { signal } = runtime.currentRequest();
            signal.addEventListener("abort", () => { say(`store told: ${signal.reason.name}`); reject(signal.reason); });
            say("store waits");
          })),
          read: endpoint(() => ({ message: `read ${++reads}` })),
          write: endpoint(() => ({ message: "written" })),
          tick: endpoint(() => say("tick")),
          shown: endpoint(() => ({ message: "shown" })),
          auth: endpoint(({ token }) => ({ userID: token, since: new Date(1000) })),
        });
        """;

    public static LoadedApplication Create()
    {
        var application = CreateSchema();
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    private static Application CreateSchema()
    {
        var schema = new TestSchema();
        var message = schema.Object(Required("message", schema.Text));
        var failure = schema.Object(Required("code", schema.Text), Required("message", schema.Text), Required("details", schema.Any), Required("cause", schema.Text));
        var either = schema.Object(Optional("message", schema.Text), Optional("code", schema.Text));
        var who = schema.Object(
            Required("user", schema.Text), Required("since", schema.Text), Required("trace", schema.Text), Required("parent", schema.Text), Required("request", schema.Text));
        Field[] values =
        [
            Required("at", schema.Date), Required("count", schema.Of(Primitive.Bigint)), Required("data", schema.Of(Primitive.Bytes)),
            Required("tags", schema.SetOf(schema.Text)), Header("token", schema.Text, "x-token"),
        ];
        var echoed = schema.Object([.. values, Status("status", schema.Number)]);
        var application = schema
            .Endpoint("exchange", "GET", "/exchange", response: schema.Object(Required("kinds", schema.TextList), Required("values", schema.TextList)))
            .Endpoint("wrongParameter", "GET", "/wrong-parameter", response: failure)
            .Endpoint("fail", "GET", "/fail", response: failure)
            .Endpoint("crash", "GET", "/crash", response: failure)
            .Endpoint("wrong", "GET", "/wrong", response: failure)
            .Endpoint("nothing", "GET", "/nothing", response: schema.Object(Required("answer", schema.Text)))
            .Endpoint("members", "GET", "/members", response: failure)
            .Endpoint("who", "GET", "/who", response: who)
            .Endpoint("asGrace", "GET", "/as-grace", response: who)
            .Endpoint("wait", "GET", "/wait", response: message)
            .Endpoint("read", "GET", "/read", response: either)
            .Endpoint("write", "GET", "/write", response: either)
            .Endpoint("echo", "POST", "/store/echo", schema.Object(values), echoed, expose: false)
            .Endpoint("fail", "POST", "/store/fail", response: message, expose: false)
            .Endpoint("crash", "POST", "/store/crash", response: message, expose: false)
            .Endpoint("wrong", "POST", "/store/wrong", response: message, expose: false)
            .Endpoint("nothing", "POST", "/store/nothing", expose: false)
            .Endpoint("members", "POST", "/store/members", response: message, expose: false)
            .Endpoint("who", "PUT", "/store/who", response: who, expose: false)
            .Endpoint("wait", "POST", "/store/wait", response: message, expose: false)
            .Endpoint("read", "GET", "/store/read", response: message, expose: false)
            .Endpoint("write", "POST", "/store/write", response: message, expose: false)
            .Endpoint("tick", "POST", "/store/tick", expose: false)
            .Endpoint("shown", "GET", "/store/shown", response: message)
            .Build();
        Place(application);
        application.AuthHandlers.Add(new AuthHandlerSchema
        {
            Name = "auth",
            ExportName = "auth",
            Module = 1,
            Params = schema.Object(Header("token", schema.Text, "x-token")),
            AuthData = schema.Object(Required("userID", schema.Text), Required("since", schema.Date)),
        });
        application.Gateways.Add(new GatewaySchema { Name = "api-gateway", AuthHandler = 0 });
        application.CronJobs.Add(new CronJobSchema { Name = "tick", Endpoint = (uint)application.Endpoints.Count - 2, EverySeconds = 60 });
        return application;
    }

    private static void Place(Application application)
    {
        application.Files.Clear();
        application.Files.AddRange(["shop.ts", "store.ts"]);
        application.Services.Clear();
        application.Services.AddRange([new ServiceSchema { Name = "shop", Calls = { 1 } }, new ServiceSchema { Name = "store" }]);
        foreach (var endpoint in application.Endpoints)
        {
            var isOfStore = endpoint.Path[0].Value == "store";
            (endpoint.Service, endpoint.Module) = isOfStore ? (1u, 1u) : (0u, 0u);
            endpoint.Auth = isOfStore && endpoint.Name == "members";
        }
    }
}
