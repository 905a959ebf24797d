using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Two services: clients call the callers, and those open streams of the rooms. Each caller answers lines of text.</summary>
internal static class RoomsApplication
{
    private static readonly string[] Callers =
    [
        "both", "wrong", "count", "countNothing", "errors", "leave", "bye", "push", "grants", "user", "hang", "hangUpload", "kinds", "large", "many",
        "closed", "answered", "trace", "lost", "lostUpload", "wait", "liar", "unfinished", "details", "nap", "burst", "burstAll", "stuck", "backed", "byeLoud",
    ];

    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        runtime.showRequests();
        class Decimal {
          constructor(value) { this.value = String(value); }
          toJSON() { return this.value; }
        }
        runtime.useDecimal(Decimal);
        const open = (name, ...more) => runtime.callService("rooms", name, ...more);
        const say = (text) => runtime.log(2, text, undefined);
        const failed = (promise) => promise.then(() => "passed", (error) => `${error.code ?? error.name}: ${error.message}`);
        const at = new Date(0);
        const line = (text) => ({ text, at });
        class TestError extends Error {
          constructor(code, message, cause, details) { super(message, { cause }); this.code = code; this.details = details; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        const values = () => ({
          at: new Date(1000), count: 12345678901234567890n, price: new Decimal("1.50"), data: new Uint8Array([1, 2, 255]),
          tags: new Set(["a", "b"]), left: new Map([["a", 1n]]),
        });
        const show = ({ at, count, price, data, tags, left }) =>
          [at.toISOString(), typeof count, String(count), price.constructor.name, price.value, data.constructor.name, data.join(), [...tags].join(), [...left].join(), typeof left.get("a")].join(" ");
        const untilItWaits = async (send) => {
          for (let sent = 0; ; sent++) {
            let waits = true;
            void send(sent).then(() => (waits = false), () => (waits = false));
            for (let turn = 0; waits && turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
            if (waits) return sent;
          }
        };
        runtime.bind("caller.ts", {
          both: endpoint(async () => {
            const stream = await open("talk", { room: "lobby" });
            const sent = { text: "hi", at: new Date(1000) };
            await stream.send(sent);
            const { text, at, ...rest } = await stream.recv();
            const late = failed(stream.recv());
            await stream.close();
            return { lines: [text, at.toISOString(), String(at === sent.at), JSON.stringify(rest), await late, await failed(stream.send(sent))] };
          }),
          wrong: endpoint(async () => {
            const stream = await open("talk", { room: "lobby" });
            const lines = [await failed(stream.send({ text: 1, at: new Date(0) })), await failed(open("talk", { room: 1 })), await failed(open("members"))];
            await stream.send(line("still there"));
            return { lines: [...lines, (await stream.recv()).text] };
          }),
          count: endpoint(async () => {
            const stream = await open("count");
            await stream.send(line("a"));
            await stream.send(line("b"));
            await stream.close();
            const { text } = await stream.response();
            return { lines: [text] };
          }),
          countNothing: endpoint(async () => {
            const stream = await open("countNothing");
            await stream.send(line("a"));
            return { lines: [String(await stream.response()), await failed(stream.send(line("b")))] };
          }),
          errors: endpoint(async () => {
            const refused = await open("refuse");
            const crashed = await open("crash");
            const lines = [(await refused.recv()).text, await failed(refused.recv()), await failed(crashed.recv())];
            return { lines: [...lines, await failed((await open("countBadly")).response())] };
          }),
          details: endpoint(async () => {
            const error = await (await open("refuseFully")).recv().catch((error) => error);
            return { lines: [error.code, error.message, JSON.stringify(error.details), error.cause?.message ?? ""] };
          }),
          leave: endpoint(async () => {
            const lines = [];
            for await (const { text } of await open("flood")) { lines.push(text); if (lines.length === 2) break; }
            return { lines };
          }),
          bye: endpoint(async () => {
            const stream = await open("talk", { room: "lobby" });
            await stream.send(line("hi"));
            for await (const { text } of stream) { for (let i = 0; i < 10; i++) await stream.send(line(`bye ${i}`)); break; }
            return { lines: [] };
          }),
          burst: endpoint(async () => {
            for await (const { text } of await open("burst")) return { lines: [text] };
          }),
          burstAll: endpoint(async () => {
            let count = 0;
            for await (const _ of await open("burst")) count++;
            return { lines: [String(count)] };
          }),
          byeLoud: endpoint(async () => {
            const stream = await open("mirror");
            for await (const _ of stream) {
              for (let i = 0; i < 300; i++) void stream.send(line(String(i))).catch(() => {});
              await stream.send(line("last"));
              break;
            }
            return { lines: [] };
          }),
          stuck: endpoint(async () => { await open("stuck"); return { lines: [] }; }),
          backed: endpoint(async () => {
            const stream = await open("backed");
            await stream.recv();
            await new Promise((resolve) => runtime.currentSignal().addEventListener("abort", resolve));
            let count = 1;
            for await (const _ of stream) count++;
            return { lines: [String(count)] };
          }),
          nap: endpoint(async () => {
            const lines = [];
            for await (const { text } of await open("flood")) {
              if (lines.length === 0) { lines.push(text); await new Promise((resolve) => setTimeout(resolve, 2500)); }
              if (text === "1999") return { lines: [...lines, text] };
            }
          }),
          push: endpoint(async () => {
            const stream = await open("gate");
            const text = "x".repeat(1000);
            const sent = await untilItWaits(() => stream.send(line(text)));
            say("caller waits");
            await stream.close();
            await open("openGate").then((opener) => opener.recv());
            const { text: received } = await stream.response();
            return { lines: [String(sent < 1000), String(Number(received) === sent + 1)] };
          }),
          grants: endpoint(async () => {
            const stream = await open("mirror");
            for (let i = 0; i < 1000; i++) await stream.send(line(String(i)));
            await stream.send(line("last"));
            let count = 0;
            for await (const _ of stream) count++;
            return { lines: [String(count)] };
          }),
          user: endpoint(async () => ({ lines: [(await (await open("who", { authData: { userID: "ada" } })).recv()).text] })),
          hang: endpoint(async () => { const stream = await open("silent"); return { lines: [(await stream.recv()).text] }; }),
          hangUpload: endpoint(async () => { const stream = await open("patient"); await stream.response(); return { lines: [] }; }),
          kinds: endpoint(async () => {
            const both = await open("echo", { first: values() });
            const lines = [show(await both.recv())];
            await both.send(values());
            lines.push(show(await both.recv()));
            const sum = await open("last");
            await sum.send(values());
            lines.push(show(await sum.response()));
            return { lines };
          }),
          large: endpoint(async () => {
            const stream = await open("talk", { room: "" });
            const text = "é".repeat(512 * 1024);
            const lines = [];
            for (let i = 0; i < 4; i++) await stream.send(line(text));
            for (let i = 0; i < 4; i++) lines.push(String((await stream.recv()).text === `: ${text}`));
            return { lines };
          }),
          many: endpoint(async () => {
            const talk = async (room) => {
              const stream = await open("talk", { room });
              for (let i = 0; i < 5; i++) await stream.send(line(String(i)));
              const texts = [];
              for (let i = 0; i < 5; i++) texts.push((await stream.recv()).text);
              await stream.close();
              return texts.join() === [0, 1, 2, 3, 4].map((i) => `${room}: ${i}`).join();
            };
            const right = await Promise.all(Array.from({ length: 200 }, (_, i) => talk(`room ${i}`)));
            return { lines: [String(right.length), String(right.every((is) => is))] };
          }),
          closed: endpoint(async () => ({ lines: [await failed(open("closed"))] })),
          answered: endpoint(async () => ({ lines: [await failed((await open("answered")).recv())] })),
          trace: endpoint(async () => {
            const { text } = await (await open("trace")).recv();
            return { lines: text.split(" ") };
          }),
          lost: endpoint(async () => {
            const stream = await open("hold");
            const lines = [(await stream.recv()).text];
            say("caller waits");
            lines.push(await failed(stream.recv()), await failed(stream.send(line("hello"))));
            return { lines };
          }),
          lostUpload: endpoint(async () => {
            const stream = await open("patient");
            say("caller waits");
            return { lines: [await failed(stream.response())] };
          }),
          wait: endpoint(async () => { const stream = await open("silent"); say("caller waits"); return { lines: [await failed(stream.recv())] }; }),
          liar: endpoint(async () => {
            const stream = await open("liar");
            return { lines: [(await stream.recv()).text, await failed(stream.recv())] };
          }),
          unfinished: endpoint(async () => {
            const stream = await open("flood");
            void (async () => { await stream.recv(); await stream.recv(); say("caller received on"); for await (const _ of stream) break; })();
            return { lines: [] };
          }),
        });
        let openGate;
        const gate = new Promise((resolve) => (openGate = resolve));
        const middleware = (tag, run) => Object.assign(run, { options: { target: { tags: [tag] } } });
        runtime.bind("rooms.ts", {
          default: { cfg: { middlewares: [
            middleware("closed", () => { throw new TestError("permission_denied", "closed for today"); }),
            middleware("stuck", () => new Promise((_, reject) => {
              const signal = runtime.currentSignal();
              signal.addEventListener("abort", () => { say(`opening told: ${signal.reason.name}`); reject(signal.reason); });
              say("opening waits");
            })),
            middleware("answered", (request, next) => { const response = Object.create(null); response[Symbol.for("encore-host.response-head")] = { status: 0, headers: [] }; return response; }),
          ] } },
          talk: endpoint(async ({ room }, stream) => {
            for await (const { text, at } of stream) {
              say(`talk got ${text.length > 20 ? text.length : text}`);
              await stream.send({ text: `${room}: ${text}`, at, undeclared: 1 }).catch((error) => say(error.message));
            }
            say("talk ended");
          }),
          members: endpoint(async () => {}),
          count: endpoint(async (stream) => { let text = ""; for await (const message of stream) text += message.text; return { text, at: new Date(0) }; }),
          countNothing: endpoint(async (stream) => { await stream.recv(); }),
          countBadly: endpoint(async () => { throw new TestError("aborted", "lost count"); }),
          refuse: endpoint(async (stream) => { await stream.send({ text: "one", at: new Date(0) }); throw new TestError("not_found", "no more"); }),
          refuseFully: endpoint(async () => { throw new TestError("failed_precondition", "only 1 left", new Error("shelf"), { left: 1 }); }),
          crash: endpoint(async () => { throw new TypeError("secret"); }),
          flood: endpoint(async (stream) => {
            let sent = 0;
            try { for (;;) { await stream.send({ text: String(sent), at: new Date(0) }); sent++; } } finally { say(`flood sent ${sent}`); }
          }),
          burst: endpoint(async (stream) => { for (let i = 0; i < 3000; i++) stream.send(line(String(i))); say("burst sent"); }),
          gate: endpoint(async (stream) => {
            await gate;
            let count = 0;
            for await (const _ of stream) count++;
            return line(String(count));
          }),
          openGate: endpoint(async (stream) => { openGate(); await stream.send(line("open")); }),
          mirror: endpoint(async (stream) => {
            const sending = (async () => { for (let i = 0; i < 1000; i++) await stream.send(line("noise")); })();
            for await (const { text } of stream) if (text === "last") { say("mirror got last"); break; }
            await sending.catch(() => {});
          }),
          who: endpoint(async (stream) => { await stream.send({ text: runtime.authData().userID, at: new Date(0) }); }),
          silent: endpoint(async (stream) => {
            const signal = runtime.currentSignal();
            signal.addEventListener("abort", () => say(`silent told: ${signal.reason.name}`));
            say("silent opened");
            for await (const _ of stream);
            say("silent ended");
          }),
          patient: endpoint(async (stream) => { say("patient opened"); let count = 0; for await (const _ of stream) count++; say(`patient ended ${count}`); }),
          hold: endpoint(async (stream) => { await stream.send(line("held")); say("hold opened"); for await (const _ of stream); }),
          echo: endpoint(async ({ first }, stream) => { await stream.send(first); for await (const message of stream) await stream.send(message); }),
          last: endpoint(async (stream) => stream.recv()),
          closed: endpoint(async () => say("closed ran")),
          answered: endpoint(async () => say("answered ran")),
          stuck: endpoint(async () => say("stuck ran")),
          backed: endpoint(async (stream) => {
            const sent = await untilItWaits(() => stream.send(line("x".repeat(1000))));
            say(`backed up after ${sent}`);
          }),
          trace: endpoint(async (stream) => {
            const { trace, path, method } = runtime.currentRequest();
            await stream.send(line(`${trace.traceId} ${trace.extCorrelationId} ${method} ${path}`));
          }),
          liar: endpoint(async (stream) => { await stream.send(line("true")); await stream.send({ text: 7, at: new Date(0) }); await stream.send(line("late")); }),
        });
        """;

    public static LoadedApplication Create()
    {
        var schema = new TestSchema();
        var lines = schema.Object(Required("lines", schema.TextList));
        var said = schema.Object(Required("text", schema.Text), Required("at", schema.Date));
        var room = schema.Object(Required("room", schema.Text));
        var bigint = schema.Of(Primitive.Bigint);
        var values = schema.Object(
            Required("at", schema.Date), Required("count", bigint), Required("price", schema.Of(Primitive.Decimal)),
            Required("data", schema.Of(Primitive.Bytes)), Required("tags", schema.SetOf(schema.Text)), Required("left", schema.MapOf(schema.Text, bigint)));
        foreach (var caller in Callers)
        {
            schema.Endpoint(caller, "GET", "/" + caller, response: lines);
        }

        var application = schema
            .Stream("talk", EndpointKind.StreamInOut, "/rooms/talk", said, said, request: room)
            .Stream("members", EndpointKind.StreamInOut, "/rooms/members", said, said)
            .Stream("count", EndpointKind.StreamIn, "/rooms/count", said, response: said)
            .Stream("countNothing", EndpointKind.StreamIn, "/rooms/count-nothing", said)
            .Stream("countBadly", EndpointKind.StreamIn, "/rooms/count-badly", said, response: said)
            .Stream("refuse", EndpointKind.StreamOut, "/rooms/refuse", outgoing: said)
            .Stream("refuseFully", EndpointKind.StreamOut, "/rooms/refuse-fully", outgoing: said)
            .Stream("crash", EndpointKind.StreamOut, "/rooms/crash", outgoing: said)
            .Stream("flood", EndpointKind.StreamOut, "/rooms/flood", outgoing: said)
            .Stream("gate", EndpointKind.StreamIn, "/rooms/gate", said, response: said)
            .Stream("burst", EndpointKind.StreamOut, "/rooms/burst", outgoing: said)
            .Stream("openGate", EndpointKind.StreamOut, "/rooms/open-gate", outgoing: said)
            .Stream("mirror", EndpointKind.StreamInOut, "/rooms/mirror", said, said)
            .Stream("who", EndpointKind.StreamOut, "/rooms/who", outgoing: said)
            .Stream("silent", EndpointKind.StreamInOut, "/rooms/silent", said, said)
            .Stream("patient", EndpointKind.StreamIn, "/rooms/patient", said)
            .Stream("hold", EndpointKind.StreamInOut, "/rooms/hold", said, said)
            .Stream("echo", EndpointKind.StreamInOut, "/rooms/echo", values, values, request: schema.Object(Required("first", values)))
            .Stream("last", EndpointKind.StreamIn, "/rooms/last", values, response: values)
            .Stream("closed", EndpointKind.StreamOut, "/rooms/closed", outgoing: said)
            .Stream("answered", EndpointKind.StreamOut, "/rooms/answered", outgoing: said)
            .Stream("stuck", EndpointKind.StreamOut, "/rooms/stuck", outgoing: said)
            .Stream("backed", EndpointKind.StreamOut, "/rooms/backed", outgoing: said)
            .Stream("trace", EndpointKind.StreamOut, "/rooms/trace", outgoing: said)
            .Stream("liar", EndpointKind.StreamOut, "/rooms/liar", outgoing: said)
            .Build();
        Place(application);
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    private static void Place(Application application)
    {
        application.Files.Clear();
        application.Files.AddRange(["caller.ts", "rooms.ts"]);
        application.Services.Clear();
        application.Services.AddRange([new ServiceSchema { Name = "caller" }, new ServiceSchema { Name = "rooms", Module = 1, ExportName = "default" }]);
        foreach (var endpoint in application.Endpoints.Skip(Callers.Length))
        {
            (endpoint.Service, endpoint.Module, endpoint.Auth, endpoint.Expose) = (1, 1, endpoint.Name == "members", false);
            if (endpoint.Name is "closed" or "answered" or "stuck")
            {
                endpoint.Tags.Add(endpoint.Name);
            }
        }
    }
}
