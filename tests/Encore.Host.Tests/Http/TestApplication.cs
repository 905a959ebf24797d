using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Http;

/// <summary>An application with an endpoint for each kind of answer, as a build would leave it.</summary>
internal static class TestApplication
{
    public const int SmallLimit = 64;

    // What esbuild makes of an application, in short: modules bound to their names.
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        class TestError extends Error {
          constructor(code, message, cause, details) { super(message, { cause }); this.code = code; this.details = details; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        const held = [];
        const release = () => { const count = held.length; for (const resolve of held.splice(0)) resolve({ message: "released" }); return { count }; };
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          hello: endpoint(async () => ({ message: "hi" })),
          item: endpoint(({ id, limit }) => ({ id, limit: limit ?? null })),
          echo: endpoint(async (request) => request),
          small: endpoint(({ text }) => ({ length: text.length })),
          releaseWith: endpoint(({ text }) => { release(); return { length: text.length }; }),
          large: endpoint(({ text }) => ({ length: text.length })),
          unlimited: endpoint(({ text }) => ({ length: text.length })),
          produce: endpoint(({ length }) => ({ text: "é".repeat(length) })),
          nothing: endpoint(() => {}),
          created: endpoint(() => ({ id: 7, location: "/items/7", status: 201 })),
          empty: endpoint(() => ({ status: 204 })),
          wrong: endpoint(() => "not an object"),
          fail: endpoint(() => { throw new TypeError("secret cause"); }),
          refuse: endpoint(() => { throw new TestError("already_exists", "taken", new Error("by another"), { field: "name" }); }),
          hold: endpoint(() => new Promise((resolve) => held.push(resolve))),
          release: endpoint(release),
          spin: endpoint(() => { for (;;); }),
          any: endpoint(() => ({ message: "any" })),
          file: endpoint(({ path }) => ({ path })),
          hidden: endpoint(() => ({ message: "hidden" })),
          hiddenMethod: endpoint(() => ({ message: "hidden" })),
        });
        """;

    public static LoadedApplication Create(Action<Application>? change = null, string bundle = Bundle)
    {
        var schema = CreateSchema();
        change?.Invoke(schema);
        return new LoadedApplication(schema, bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    private static Application CreateSchema()
    {
        var schema = new TestSchema();
        var text = schema.Object(Required("text", schema.Text));
        var length = schema.Object(Required("length", schema.Number));
        var message = schema.Object(Required("message", schema.Text));
        var item = schema.Object(Required("id", schema.Number), Optional("limit", schema.Number));
        var echo = schema.Object(
            Required("name", schema.Text), Optional("count", schema.Number), Optional("tags", schema.TextList), Optional("data", schema.Any));
        return schema
            .Endpoint("hello", "GET", "/hello", response: message)
            .Endpoint("item", "GET,PUT", "/items/:id", item, item)
            .Endpoint("echo", "POST", "/echo", echo, echo)
            .Endpoint("small", "POST", "/small", text, length, limit: new BodyLimit { Bytes = SmallLimit })
            .Endpoint("releaseWith", "POST", "/release-with", text, length)
            .Endpoint("large", "POST", "/large", text, length)
            .Endpoint("unlimited", "POST", "/unlimited", text, length, limit: new BodyLimit { Unlimited = true })
            .Endpoint("produce", "GET", "/produce", length, text)
            .Endpoint("nothing", "GET", "/nothing")
            .Endpoint("created", "GET", "/created", response: schema.Object(
                Required("id", schema.Number), Header("location", schema.Text, "location"), Status("status", schema.Number)))
            .Endpoint("empty", "GET", "/empty", response: schema.Object(Status("status", schema.Number)))
            .Endpoint("wrong", "GET", "/wrong", response: message)
            .Endpoint("fail", "GET", "/fail", response: message)
            .Endpoint("refuse", "GET", "/refuse", response: message)
            .Endpoint("hold", "GET", "/hold", response: message)
            .Endpoint("release", "GET", "/release", response: schema.Object(Required("count", schema.Number)))
            .Endpoint("spin", "GET", "/spin", response: message)
            .Endpoint("any", "*", "/any", response: message)
            .Endpoint("file", "GET", "/files/*path", schema.Object(Required("path", schema.Text)), schema.Object(Required("path", schema.Text)))
            .Endpoint("hidden", "GET", "/hidden", response: message, expose: false)
            .Endpoint("hiddenMethod", "DELETE", "/hello", response: message, expose: false)
            .Build();
    }
}
