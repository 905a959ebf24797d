using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Operations.Fetch;
using Bridge.Core.Scripting;
using Bridge.Engine.Tests.Fetch;
using Bridge.Engine.Tests.Isolates;
using Bridge.Jint;
using Bridge.V8;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Bridge.Engine.Tests.Runtime;

public sealed class V8RuntimeGlobalsTests() : RuntimeGlobalsContract(new V8EngineFactory());

public sealed class JintRuntimeGlobalsTests() : RuntimeGlobalsContract(new JintEngineFactory());

/// <summary>
/// That the globals of <c>runtime.js</c> are there and work in a real isolate, with the host's functions behind them. What they do in detail is
/// tested where they are written.
/// </summary>
public abstract class RuntimeGlobalsContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("""typeof console.log + typeof structuredClone + typeof queueMicrotask""", "\"functionfunctionfunction\"")]
    [InlineData("""new URL("../b?c=ä#d", "https://user@example.com:8080/a/x/").href""", "\"https://user@example.com:8080/a/b?c=%C3%A4#d\"")]
    [InlineData("""new URL("https://bücher.example/").host""", "\"xn--bcher-kva.example\"")]
    [InlineData("""[...new URLSearchParams("a=1&b=%20x&a=2").getAll("a"), new URLSearchParams({ q: "ä &" }).toString()]""", """["1","2","q=%C3%A4+%26"]""")]
    [InlineData("""Array.from(new TextEncoder().encode("ä😀\ud800"))""", "[195,164,240,159,152,128,239,191,189]")]
    [InlineData("""new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa4, 0xff]))""", "\"ä\ufffd\"")]
    [InlineData("""(() => { try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { return e.name } })()""", "\"TypeError\"")]
    [InlineData("""new TextDecoder("utf-16le").decode(new Uint8Array([0x61, 0, 0x3d, 0xd8, 0, 0xde]))""", "\"a😀\"")]
    [InlineData("""(() => { const s = structuredClone({ d: new Date(0), m: new Map([[1, new Set(["x"])]]), b: new Uint8Array([1]), n: null }); return [s.d.getTime(), s.m.get(1).has("x"), s.b[0], s.n] })()""", "[0,true,1,null]")]
    [InlineData("""(() => { try { structuredClone(() => 1) } catch (e) { return [e.name, e instanceof DOMException] } })()""", """["DataCloneError",true]""")]
    [InlineData("""(() => { const c = new AbortController(); let heard = ""; c.signal.addEventListener("abort", (e) => { heard += e.type }); c.abort(); c.abort(); return [heard, c.signal.aborted, c.signal.reason.name] })()""", """["abort",true,"AbortError"]""")]
    [InlineData("""(() => { const t = new EventTarget(); const seen = []; t.addEventListener("x", (e) => seen.push(e.detail), { once: true }); t.dispatchEvent(new CustomEvent("x", { detail: 1 })); t.dispatchEvent(new CustomEvent("x", { detail: 2 })); return seen })()""", "[1]")]
    [InlineData("""/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()) && crypto.randomUUID() !== crypto.randomUUID()""", "true")]
    [InlineData("""(() => { const b = crypto.getRandomValues(new Uint8Array(64)); return b.length === 64 && b.some((x) => x !== b[0]) })()""", "true")]
    [InlineData("""(() => { const a = performance.now(), b = performance.now(); return b >= a && a >= 0 && Math.abs(performance.timeOrigin + a - Date.now()) < 5000 })()""", "true")]
    [InlineData("""[btoa("\xff\0a"), atob("/wBh") === "\xff\0a"]""", """["/wBh",true]""")]
    [InlineData("""(() => { try { btoa("€") } catch (e) { return e.name } })()""", "\"InvalidCharacterError\"")]
    [InlineData("""[process.env.NAME, process.env.MISSING ?? "none", typeof process.env.QUOTE]""", """["value ä","none","string"]""")]
    [InlineData("""process.env.QUOTE""", "\"a\\\"b\\\\c\\nd\"")]
    [InlineData("""[globalThis === global, typeof EngineInternal === "undefined" || Object.isFrozen(EngineInternal)]""", "[true,true]")]
    [InlineData("""(() => { try { null.x } catch (e) { return e.stack.split("\n")[0] === String(e) } })()""", "true")]
    public async Task Global_InAnIsolate_Works(string expression, string json)
    {
        await using var isolate = await StartAsync($"() => ({expression})");
        Assert.Equal(new Answer(AnswerKind.Value, json), await isolate.CallAsync("run"));
    }

    [Fact]
    public async Task Timers_FireInOrder()
    {
        await using var isolate = await StartAsync("""
            () => new Promise((resolve) => {
              const order = [];
              setTimeout(() => order.push("last, though set first"), 300);
              setImmediate(() => order.push("immediate"));
              setTimeout(() => { order.push("soon"); queueMicrotask(() => order.push("microtask of soon")) });
              setTimeout((a, b) => order.push(a + b), 5, "with ", "arguments");
              clearTimeout(setTimeout(() => order.push("never"), 6));
              setTimeout(() => {
                let count = 0;
                const interval = setInterval(() => {
                  order.push(`interval ${++count}`);
                  if (count === 2) { clearInterval(interval); setTimeout(() => resolve(order), 5) }
                }, 1);
              }, 301);
              queueMicrotask(() => order.push("microtask"));
              order.push("sync");
            })
            """);
        var answer = await isolate.CallAsync("run");
        Assert.Equal("""["sync","microtask","immediate","soon","microtask of soon","with arguments","last, though set first","interval 1","interval 2"]""", answer.Json);
    }

    [Fact]
    public async Task Timers_ThatThrow_AreLoggedAndHarmNothing()
    {
        await using var isolate = await StartAsync("""
            () => new Promise((resolve) => {
              setTimeout(() => { throw new Error("in a timer") }, 0);
              queueMicrotask(() => { throw new Error("in a microtask") });
              setTimeout(() => resolve("on time"), 2);
            })
            """);
        Assert.Equal("\"on time\"", (await isolate.CallAsync("run")).Json);
        Assert.Equal(2, isolate.Log.Count(line => line.Level == 4 && line.Message.StartsWith("uncaught error", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Console_WritesLogLines()
    {
        await using var isolate = await StartAsync("""() => { console.log("text %s", "ä", { a: [1, "two"] }); console.error(new TypeError("bad").message); console.debug("fine") }""");
        await isolate.CallAsync("run");
        Assert.Contains(isolate.Log, line => line.Level == 2 && line.Message == "text ä { a: [ 1, 'two' ] }");
        Assert.Contains(isolate.Log, line => line is { Level: 4, Message: "bad" });
        Assert.Contains(isolate.Log, line => line is { Level: 1, Message: "fine" });
    }

    [Fact]
    public async Task Fetch_ToARealServer_ReadsAndWrites()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/moved":
                    context.Response.Redirect("/echo", permanent: false);
                    break;
                case "/big":
                    await context.Response.Body.WriteAsync(new byte[300_000]);
                    break;
                default:
                    context.Response.Headers["x-method"] = context.Request.Method;
                    context.Response.ContentType = context.Request.ContentType ?? "text/plain";
                    await context.Request.Body.CopyToAsync(context.Response.Body);
                    break;
            }
        });
        await using var isolate = await StartAsync("""
            async ({ url }) => {
              const posted = await fetch(`${url}/echo`, { method: "POST", body: JSON.stringify({ a: "ä" }), headers: { "content-type": "application/json" } });
              const moved = await fetch(new Request(`${url}/moved`));
              const big = await fetch(`${url}/big`);
              const missing = await fetch("http://127.0.0.1:1/").catch((error) => [error.name, error.cause?.code ?? error.code]);
              const aborted = await fetch(url, { signal: AbortSignal.abort() }).catch((error) => error.name);
              return [
                posted.status, posted.ok, posted.headers.get("X-Method"), await posted.json(),
                moved.redirected, moved.url === `${url}/echo`, moved.headers.get("x-method"),
                (await big.arrayBuffer()).byteLength, missing, aborted,
              ];
            }
            """);
        var answer = await isolate.CallAsync("run", $$"""{"url":"{{server.Url}}"}""");
        Assert.Equal(
            """[200,true,"POST",{"a":"ä"},true,true,"GET",300000,["TypeError","ECONNREFUSED"],"AbortError"]""",
            answer.Json);
    }

    private async Task<TestIsolate> StartAsync(string handler)
    {
        var fetch = new FetchOperations();
        var isolate = await TestIsolate.StartEmptyAsync(
            factory,
            new Dictionary<string, IOperationHandler>(fetch.Handlers),
            new Dictionary<string, string> { ["NAME"] = "value ä", ["QUOTE"] = "a\"b\\c\nd" });
        await isolate.LoadAsync(new Dictionary<string, string> { ["run"] = handler });
        return isolate;
    }
}
