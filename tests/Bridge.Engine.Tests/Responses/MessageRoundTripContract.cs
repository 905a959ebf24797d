using System.Text;
using System.Text.Json.Nodes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Responses;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Engine.Tests.Isolates;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Responses;

public sealed class V8MessageRoundTripTests() : MessageRoundTripContract(new V8EngineFactory(), schemas: 200);

public sealed class JintMessageRoundTripTests() : MessageRoundTripContract(new JintEngineFactory(), schemas: 40);

/// <summary>A message that a subscription publishes again is what was sent, whatever its type, and the topic's plan takes it again.</summary>
public abstract class MessageRoundTripContract(IScriptEngineFactory factory, int schemas)
{
    private const int ValuesOfASchema = 4;

    [Fact]
    public async Task Republish_RandomTypes_PublishesWhatWasSent()
    {
        var random = new Random(20261128);
        var schema = new SchemaBuilder();
        var types = new RandomTypes(random, schema);
        var cases = Enumerable.Range(0, schemas).Select(_ => types.Next()).Select(one => (Type: schema.Object(Field("v", one.Type)), one.Value)).ToList();
        var plans = cases.ConvertAll(one => MessagePlan.Compile(schema.Application, one.Type, isSensitive: false));
        var published = "";
        await using var isolate = await TestIsolate.StartEmptyAsync(factory, new Dictionary<string, IOperationHandler>
        {
            ["pubsub.publish"] = new FunctionOperation((payload, _, _) =>
            {
                published = payload[1].GetRawText();
                return ValueTask.FromResult(new OperationOutcome("\"id\""));
            }),
        });
        var module = string.Join('\n', cases.Select((_, index) => $"runtime.subscribe('t{index}', 's', (message) => new Promise((complete, fail) => runtime.publish('t{index}', message, {{ complete, fail }})));"));
        await isolate.LoadAsync(TestIsolate.Bundle(new Dictionary<string, string>(), module) with
        {
            Topics = [.. cases.Select((one, index) => new TopicBinding($"t{index}", ResponsePlan.CompileMessage(schema.Application, one.Type).Lowerer, plans[index].Reviver))],
            Subscriptions = [.. cases.Select((_, index) => new SubscriptionBinding($"t{index}", "s", "test", "app.ts"))],
        });

        for (var i = 0; i < cases.Count; i++)
        {
            for (var n = 0; n < ValuesOfASchema; n++)
            {
                var sent = new JsonObject { ["v"] = cases[i].Value() };
                var text = sent.ToJsonString();
                var answer = await isolate.CallAsync(new HandlerRequest { Endpoint = i, Payload = TestIsolate.Payload(Delivered(plans[i], text)) });
                Assert.Equal(new Answer(AnswerKind.Value, ""), answer);
                Assert.True(JsonNode.DeepEquals(sent, JsonNode.Parse(published)), $"type {schema.Application.Types_[(int)cases[i].Type]}\nsent {text}\ngot  {published}");
                Assert.Contains("\"message\":", Delivered(plans[i], published), StringComparison.Ordinal);
            }
        }
    }

    private static string Delivered(MessagePlan plan, string message)
    {
        using var normalised = new PooledBuffer();
        var failure = plan.Decode(Encoding.UTF8.GetBytes(message), normalised);
        Assert.True(failure is null, $"{message}: {failure?.Message}");
        return $$"""{"id":"m","attempt":1,"at":"2030-01-01T00:00:00.000Z","message":{{Encoding.UTF8.GetString(normalised.Written)}}}""";
    }
}
