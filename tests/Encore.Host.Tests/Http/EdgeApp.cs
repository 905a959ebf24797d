using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Http;

/// <summary>An application for what the edge decides: paths of every form, answers of every size.</summary>
internal static class EdgeApp
{
    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const named = (name) => endpoint((request) => ({ name, path: request?.path ?? request?.id ?? "" }));
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          literal: named("literal"), parameter: named("parameter"), wildcard: named("wildcard"), fallback: named("fallback"),
          deepFallback: named("deepFallback"), slash: named("slash"), unicode: named("unicode"), several: named("several"),
          star: named("star"), getter: named("getter"), header: named("header"),
          text: endpoint(({ length }) => ({ text: "abcdefgh".repeat(length / 8) })),
          echo: endpoint(({ text }) => ({ text })),
          tell: endpoint(({ value }) => ({ "x-told": value, ok: true })),
          status: endpoint(({ status }) => ({ status, text: "never sent" })),
          session: endpoint(() => ({ name: "session", path: "" })),
        });
        """;

    public static LoadedApplication Create(string root = "/nowhere", Action<Application>? change = null)
    {
        var schema = new TestSchema();
        var named = schema.Object(Required("name", schema.Text), Required("path", schema.Text));
        var path = schema.Object(Required("path", schema.Text));
        var id = schema.Object(Required("id", schema.Text));
        var text = schema.Object(Required("text", schema.Text));
        var value = schema.Object(Header("value", schema.Text, "x-value"));
        var length = schema.Object(Required("length", schema.Number));
        var application = schema
            .Endpoint("literal", "GET", "/routes/me", response: named)
            .Endpoint("parameter", "GET", "/routes/:id", id, named)
            .Endpoint("wildcard", "GET", "/routes/*path", path, named)
            .Endpoint("fallback", "GET,POST", "/!path", path, named)
            .Endpoint("deepFallback", "GET", "/deep/!path", path, named)
            .Endpoint("slash", "GET", "/plain", response: named)
            .Endpoint("unicode", "GET", "/grüße/日本", response: named)
            .Endpoint("several", "PUT,PATCH", "/several", response: named)
            .Endpoint("star", "*", "/star", response: named)
            .Endpoint("getter", "GET", "/own", response: named)
            .Endpoint("header", "HEAD", "/own", response: schema.Object(Required("name", schema.Text), Required("path", schema.Text)))
            .Endpoint("text", "GET", "/text", length, text)
            .Endpoint("echo", "POST", "/echo", text, text)
            .Endpoint("tell", "GET", "/tell", schema.Object(Required("value", schema.Text)),
                schema.Object(Header("x-told", schema.Text, "x-told"), Required("ok", schema.Any)))
            .Endpoint("status", "GET", "/status", schema.Object(Required("status", schema.Number)),
                schema.Object(Status("status", schema.Number), Required("text", schema.Text)))
            .Endpoint("session", "POST", "/session", value, named)
            .Build();
        change?.Invoke(application);
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, root);
    }
}
