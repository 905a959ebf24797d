using System.Text.Json;
using Bridge.Core.Isolates;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateErrorsTests() : IsolateErrorsContract(new V8EngineFactory());

public sealed class JintIsolateErrorsTests() : IsolateErrorsContract(new JintEngineFactory());

/// <summary>What the host learns when handlers throw, whatever they throw.</summary>
public abstract class IsolateErrorsContract(IScriptEngineFactory factory)
{
    [Theory]
    [InlineData("() => { throw new TypeError('sync') }", "TypeError", "sync")]
    [InlineData("async () => { throw new TypeError('async') }", "TypeError", "async")]
    [InlineData("async () => { await null; throw new RangeError('late ☹') }", "RangeError", "late ☹")]
    [InlineData("() => Promise.reject(new Error(''))", "Error", "")]
    [InlineData("() => { throw 'text' }", "Error", "text")]
    [InlineData("() => { throw 42 }", "Error", "42")]
    [InlineData("() => { throw null }", "Error", "null")]
    [InlineData("() => { throw undefined }", "Error", "undefined")]
    [InlineData("() => Promise.reject()", "Error", "undefined")]
    [InlineData("() => { throw Symbol('odd') }", "Error", "Symbol(odd)")]
    [InlineData("() => { throw 10n }", "Error", "10")]
    [InlineData("() => { throw { a: 1 } }", "Error", "[object Object]")]
    [InlineData("() => { throw () => {} }", "Error", "")]
    [InlineData("() => { throw Object.create(null) }", "Error", "")]
    [InlineData("() => { throw { toString() { throw 1 } } }", "Error", "")]
    [InlineData("() => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }", "Error", "")]
    [InlineData("() => { throw new (class extends Error { get message() { throw 1 } }) }", "Error", "")]
    [InlineData("() => { throw Object.assign(new Error('x'), { stack: { toJSON() { throw 1 } } }) }", "Error", "x")]
    [InlineData("() => { throw Object.defineProperty(new Error('x'), 'message', { value: { toJSON() { throw 1 } } }) }", "Error", "[object Object]")]
    [InlineData("() => { throw Object.defineProperty(new Error('x'), 'name', { value: Symbol('n') }) }", "Symbol(n)", "x")]
    [InlineData("async () => { throw Object.defineProperty(new Error('x'), 'name', { value: 7n }) }", "7", "x")]
    [InlineData("() => { const a = {}; a.a = a; return a }", "TypeError", "")]
    [InlineData("() => ({ toJSON() { throw new SyntaxError('in toJSON') } })", "SyntaxError", "in toJSON")]
    [InlineData("async () => ({ get x() { throw new SyntaxError('in a getter') } })", "SyntaxError", "in a getter")]
    [InlineData("() => ({ get then() { throw new EvalError('in then') } })", "EvalError", "in then")]
    [InlineData("() => ({ then() { throw new EvalError('calling then') } })", "EvalError", "calling then")]
    [InlineData("() => Object.create(Promise.prototype)", "TypeError", "")]
    [InlineData("() => { const down = () => down() + 1; return down() }", "RangeError", "")]
    public async Task Handler_Throws_IsDescribed(string handler, string name, string message)
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string> { ["fail"] = handler, ["fine"] = "() => 'fine'" });
        var failing = isolate.CallAsync("fail");
        var fine = isolate.CallAsync("fine");

        var error = Error(await failing);
        Assert.Equal(name, error.GetProperty("name").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, error.GetProperty("stack").ValueKind);
        Assert.Equal("\"fine\"", (await fine).Json);
    }

    [Fact]
    public async Task Stack_OfAnError_NamesTheBundlesPosition()
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string> { ["fail"] = "() => { thrower() }" },
            module: "function thrower() {\n  throw new Error('here')\n}");
        var stack = Error(await isolate.CallAsync("fail")).GetProperty("stack").GetString();
        Assert.StartsWith("Error: here\n", stack, StringComparison.Ordinal);
        Assert.Contains("thrower (app.js:6:9)", stack, StringComparison.Ordinal);
        Assert.DoesNotContain("runtime.js", stack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Causes_OfAnError_AreAChain()
    {
        await using var isolate = await TestIsolate.StartAsync(factory, new Dictionary<string, string>
        {
            ["fail"] = "() => { throw new Error('outer', { cause: new TypeError('middle', { cause: 'inner' }) }) }",
            ["endless"] = "() => { const error = new Error('snake'); error.cause = error; throw error }",
        });
        var error = Error(await isolate.CallAsync("fail"));
        var middle = error.GetProperty("cause");
        Assert.Equal("TypeError", middle.GetProperty("name").GetString());
        Assert.Equal("inner", middle.GetProperty("cause").GetProperty("message").GetString());

        var depth = 0;
        for (var at = Error(await isolate.CallAsync("endless")); at.TryGetProperty("cause", out var cause); at = cause)
        {
            depth++;
        }

        Assert.InRange(depth, 1, 16);
    }

    [Theory]
    [InlineData("{ code: 'not_found', details: { id: 7 } }", "not_found", """{"id":7}""")]
    [InlineData("{ code: 'internal' }", "internal", null)]
    [InlineData("{ code: 'aborted', details: (() => { const a = {}; a.a = a; return a })() }", "aborted", null)]
    [InlineData("{ code: 7, details: null }", "7", "null")]
    public async Task ApiError_CrossesWithCodeAndDetails(string fields, string code, string? details)
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string>
            {
                ["api"] = $"() => {{ throw Object.assign(new ApiError('told'), {fields}) }}",
                ["plain"] = $"() => {{ throw Object.assign(new Error('told'), {fields}) }}",
            },
            module: "class ApiError extends Error {}\nObject.defineProperty(ApiError.prototype, Symbol.for('encore-host.api-error'), { value: true });");
        var error = Error(await isolate.CallAsync("api"));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(details, error.TryGetProperty("details", out var crossed) ? crossed.GetRawText() : null);
        Assert.False(Error(await isolate.CallAsync("plain")).TryGetProperty("code", out _));
    }

    [Fact]
    public async Task Promise_ThatAnswersTwice_AnswersNoOtherCall()
    {
        await using var isolate = await TestIsolate.StartAsync(
            factory,
            new Dictionary<string, string> { ["twice"] = "() => new Twice()", ["echo"] = "(request) => request.id" },
            module: """
                class Twice extends Promise {
                  constructor(run) { super(run ?? ((resolve) => resolve('first'))) }
                  then(ok, failed) {
                    for (let i = 1; i <= 50; i++) setTimeout(() => ok('again'), i % 5);
                    return super.then(ok, failed);
                  }
                }
                """);
        await Crowd.RunAsync(2_000, 32, async id =>
        {
            var answer = id % 100 == 0 ? await isolate.CallAsync("twice") : await isolate.CallAsync("echo", $$"""{"id":{{id}}}""");
            Assert.Equal(id % 100 == 0 ? "\"first\"" : $"{id}", answer.Json);
        });
    }

    private static JsonElement Error(Answer answer)
    {
        Assert.Equal(AnswerKind.Error, answer.Kind);
        return JsonDocument.Parse(answer.Json).RootElement;
    }
}
