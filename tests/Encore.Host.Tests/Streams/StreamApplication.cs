using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Streams;

/// <summary>An application with a stream of each kind, as a build would leave it.</summary>
internal static class StreamApplication
{
    public const int SmallLimit = 64;

    private const string Bundle =
        """
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        const say = (text) => runtime.log(2, text, undefined);
        class TestError extends Error {
          constructor(code, message) { super(message); this.code = code; }
          get [Symbol.for("encore-host.api-error")]() { return true; }
        }
        const gates = new Map();
        const gate = (name) => {
          if (!gates.has(name)) { let open; gates.set(name, { promise: new Promise((resolve) => (open = resolve)), open: () => open() }); }
          return gates.get(name);
        };
        runtime.bind("app.ts", {
          echo: endpoint(async (stream) => { for await (const message of stream) await stream.send({ ...message, undeclared: 1 }); say("echo ended"); }),
          room: endpoint(async ({ room, color, token }, stream) => {
            await stream.send({ text: `${room} ${color ?? "-"} ${token ?? "-"}` });
            await stream.close();
          }),
          sum: endpoint(async (stream) => {
            let sum = 0;
            for await (const { value } of stream) { if (value === 0) break; sum += value; }
            return { sum };
          }),
          count: endpoint(async ({ to }, stream) => { for (let i = 1; i <= to; i++) await stream.send({ value: i }); }),
          fail: endpoint(async (stream) => { await stream.recv(); throw new TestError("permission_denied", "not with me"); }),
          crash: endpoint(async (stream) => { await stream.recv(); throw new TypeError("secret"); }),
          failing: endpoint(async (stream) => { await stream.send({ value: 1 }); throw new TestError("not_found", "no more"); }),
          silent: endpoint(async (stream) => {
            say("silent opened");
            for await (const message of stream) say(`silent got ${message.text}`);
            say("silent ended");
            await stream.send({ text: "late" }).catch((error) => say(error.message));
          }),
          held: endpoint(async (stream) => {
            say("held opened");
            await gate("held").promise;
            let count = 0;
            for await (const message of stream) { count++; if (message.text === "last") break; }
            await stream.send({ text: String(count) });
          }),
          open: endpoint(() => { gate("held").open(); gate("flood").open(); return {}; }),
          flood: endpoint(async (stream) => {
            let sent = 0;
            const text = "x".repeat(10_000);
            while (sent < 1000) {
              const sending = stream.send({ text });
              let waits = true;
              void sending.then(() => (waits = false));
              await null; await null;
              if (waits) { say(`flood waits after ${sent}`); break; }
              await sending; sent++;
            }
            await gate("flood").promise;
          }),
          date: endpoint(async (stream) => {
            for await (const { at } of stream) await stream.send({ at: new Date(at.getTime() + 1000) });
          }),
          wrong: endpoint(async (stream) => { await stream.send("no object"); await stream.recv().catch(() => {}); }),
          closed: endpoint(async (stream) => { await stream.close(); await gate("closed").promise; }),
          last: endpoint(async (stream) => { await stream.recv(); stream.send({ text: "a" }); stream.send({ text: "b" }); }),
        });
        """;

    public static LoadedApplication Create(Action<Application>? change = null)
    {
        var schema = CreateSchema();
        change?.Invoke(schema);
        return new LoadedApplication(schema, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    private static Application CreateSchema()
    {
        var schema = new TestSchema();
        var text = schema.Object(Required("text", schema.Text));
        var value = schema.Object(Required("value", schema.Number));
        var date = schema.Object(Required("at", schema.Date));
        var room = schema.Object(Required("room", schema.Text), Optional("color", schema.Text), Header("token", schema.Text, "x-token", isOptional: true));
        return schema
            .Stream("echo", EndpointKind.StreamInOut, "/echo", text, text)
            .Stream("room", EndpointKind.StreamInOut, "/rooms/:room", text, text, request: room)
            .Stream("sum", EndpointKind.StreamIn, "/sum", value, response: schema.Object(Required("sum", schema.Number)))
            .Stream("count", EndpointKind.StreamOut, "/count/:to", outgoing: value, request: schema.Object(Required("to", schema.Number)))
            .Stream("fail", EndpointKind.StreamInOut, "/fail", text, text)
            .Stream("crash", EndpointKind.StreamInOut, "/crash", text, text)
            .Stream("failing", EndpointKind.StreamOut, "/failing", outgoing: value)
            .Stream("silent", EndpointKind.StreamInOut, "/silent", text, text)
            .Stream("held", EndpointKind.StreamInOut, "/held", text, text, limit: new BodyLimit { Bytes = 1024 * 1024 })
            .Endpoint("open", "GET", "/open", response: schema.Object())
            .Stream("flood", EndpointKind.StreamOut, "/flood", outgoing: text)
            .Stream("date", EndpointKind.StreamInOut, "/date", date, date)
            .Stream("wrong", EndpointKind.StreamInOut, "/wrong", text, text)
            .Stream("closed", EndpointKind.StreamOut, "/closed", outgoing: value)
            .Stream("last", EndpointKind.StreamInOut, "/last", text, text, limit: new BodyLimit { Bytes = SmallLimit })
            .Build();
    }
}
