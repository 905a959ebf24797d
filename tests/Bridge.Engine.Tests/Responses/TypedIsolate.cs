using System.Buffers;
using System.Text;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Engine.Tests.Isolates;
using Xunit;

namespace Bridge.Engine.Tests.Responses;

/// <summary>
/// An isolate whose endpoints take and return <c>{ v: T }</c>, with everything between request and response but HTTP: decode, revive, the
/// handler, lower, encode.
/// </summary>
internal sealed class TypedIsolate : IAsyncDisposable
{
    private readonly TestIsolate _isolate;
    private readonly List<(RequestPlan Request, ResponsePlan Response)> _plans = [];

    private TypedIsolate(TestIsolate isolate) => _isolate = isolate;

    internal static async Task<TypedIsolate> StartAsync(
        IScriptEngineFactory factory, SchemaBuilder schema, IReadOnlyList<uint> types, string handler = "(request) => request")
    {
        var typed = new TypedIsolate(await TestIsolate.StartEmptyAsync(factory));
        var bundle = TestIsolate.Bundle(Enumerable.Range(0, types.Count).ToDictionary(index => $"e{index}", _ => handler));
        var bindings = new List<EndpointBinding>();
        foreach (var type in types)
        {
            var whole = schema.Object(SchemaBuilder.Field("v", type));
            var endpoint = schema.Endpoint(whole, whole);
            var plans = (RequestPlan.Compile(schema.Application, endpoint, "POST"), ResponsePlan.Compile(schema.Application, endpoint));
            typed._plans.Add(plans);
            bindings.Add(bundle.Endpoints[bindings.Count] with { Reviver = plans.Item1.Reviver, Lowerer = plans.Item2.Lowerer });
        }

        await typed._isolate.Isolate.LoadAsync(bundle with { Endpoints = bindings }).WaitAsync(EngineThread.Patience);
        return typed;
    }

    /// <summary>Sends a value and returns what comes back of it.</summary>
    internal async Task<string> SendAsync(int endpoint, string value)
    {
        var (request, response) = _plans[endpoint];
        var payload = new PooledBuffer();
        var failure = request.Decode(new RequestParts { Body = Encoding.UTF8.GetBytes($$"""{"v":{{value}}}""") }, payload);
        Assert.True(failure is null, $"{value}: {failure?.Message}");
        using var answer = await _isolate.Isolate.CallAsync(endpoint, payload).AsTask().WaitAsync(EngineThread.Patience);
        var json = Encoding.UTF8.GetString(answer.Json);
        Assert.True(answer.Kind == AnswerKind.Value, json);
        var body = new ArrayBufferWriter<byte>();
        Assert.Equal(EncodeResult.WithBody, response.Encode(answer.Json, body, new NoHead()));
        var text = Encoding.UTF8.GetString(body.WrittenSpan);
        Assert.StartsWith("{\"v\":", text, StringComparison.Ordinal);
        return text["{\"v\":".Length..^1];
    }

    public async ValueTask DisposeAsync() => await _isolate.DisposeAsync();

    private sealed class NoHead : IResponseHead
    {
        public void SetStatus(int status) => Assert.Fail($"status {status}");

        public void AddHeader(string name, string value) => Assert.Fail($"header {name}");
    }
}
