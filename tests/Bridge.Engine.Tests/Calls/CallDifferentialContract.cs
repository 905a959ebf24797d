using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Differential.Tests;
using Bridge.Engine.Tests.Responses;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8CallDifferentialTests() : CallDifferentialContract(new V8EngineFactory(), schemas: 600);

public sealed class JintCallDifferentialTests() : CallDifferentialContract(new JintEngineFactory(), schemas: 60);

/// <summary>A call inside the isolate and the same call by HTTP take the same values, make the same of them, and say the same of others.</summary>
public abstract class CallDifferentialContract(IScriptEngineFactory factory, int schemas)
{
    private const int ValuesOfASchema = 16;

    private const string Compare =
        """
        (endpoint, text) => {
          const value = JSON.parse(text);
          return JSON.stringify(value) + "\n" + JSON.stringify(requests[endpoint](value));
        }
        """;

    // What one side changes must not reach the other, whichever of them it is.
    private const string Exchange =
        """
        (endpoint, text) => {
          for (const pass of [(value) => requests[endpoint](value), (value) => ({ ok: true, value: responses[endpoint](value) })]) {
            const value = revivers[endpoint](JSON.parse(text), Decimal);
            const before = inspect(value);
            const outcome = pass(value);
            if (!outcome.ok) return "refused: " + outcome.message;
            if (inspect(outcome.value) !== before) return "differs: " + inspect(outcome.value);
            const kept = pass(value).value;
            scramble(outcome.value);
            if (inspect(value) !== before) return "the callee changed the caller's: " + inspect(value);
            scramble(value);
            if (inspect(kept) !== before) return "the caller changed the callee's: " + inspect(kept);
          }
          return "";
        }
        """;

    [Fact]
    public Task Check_ValuesOfJson_AgreesWithTheDecoder() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        using var compare = scripts.Function(Compare);
        using var output = new PooledBuffer();
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < schemas; seed++)
        {
            var (application, root) = SchemaGenerator.Create(seed);
            BecomeJson(application);
            scripts.Use(application);
            var endpoint = new EndpointSchema { Name = "take", Kind = EndpointKind.Typed, Methods = { "POST" }, Request = root };
            var index = scripts.Load(endpoint);
            var plan = RequestPlan.Compile(application, endpoint, "POST");
            var values = new ValueGenerator(application, seed);
            for (var n = 0; n < ValuesOfASchema; n++)
            {
                var answer = compare.Invoke(ScriptValue.From(index), ScriptValue.From(values.Next(root))).AsText().Split('\n');
                output.Truncate(0);
                var failure = plan.Decode(new RequestParts { Body = Encoding.UTF8.GetBytes(answer[0]) }, output);
                var expected = failure is null ? $$"""{"ok":true,"value":{{Encoding.UTF8.GetString(output.Written)}}}""" : Described(failure);
                (accepted, refused) = failure is null ? (accepted + 1, refused) : (accepted, refused + 1);
                Assert.True(
                    JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(answer[1])), $"seed {seed}: {answer[0]}\nby HTTP {expected}\ninside  {answer[1]}\n{application.Types_}");
            }
        }

        // Both ways must be tried, or the test shows little.
        Assert.InRange(accepted, (accepted + refused) / 4, (accepted + refused) * 3 / 4);
    });

    [Fact]
    public Task Exchange_RandomTypes_SharesNothingAndChangesNothing() => EngineThread.RunAsync(factory, engine =>
    {
        var random = new Random(20240502);
        var schema = new SchemaBuilder();
        var types = new RandomTypes(random, schema);
        var scripts = new CallScripts(engine, schema);
        using var exchange = scripts.Function(Exchange);
        using var output = new PooledBuffer();
        for (var i = 0; i < schemas / 2; i++)
        {
            var (type, value) = types.Next();
            var whole = schema.Object(SchemaBuilder.Field("v", type));
            var endpoint = schema.Endpoint(whole, whole);
            var plan = RequestPlan.Compile(schema.Application, endpoint, "POST");
            var index = scripts.Load(endpoint, plan.Reviver);
            for (var n = 0; n < ValuesOfASchema / 2; n++)
            {
                var text = $$"""{"v":{{value()?.ToJsonString() ?? "null"}}}""";
                output.Truncate(0);
                Assert.Null(plan.Decode(new RequestParts { Body = Encoding.UTF8.GetBytes(text) }, output));
                var result = exchange.Invoke(ScriptValue.From(index), ScriptValue.From(Encoding.UTF8.GetString(output.Written))).AsText();
                Assert.True(result.Length == 0, $"{text}\n{result}\n{schema.Application.Types_[(int)type]}");
            }
        }
    });

    internal static string Described(DecodeFailure failure)
    {
        var details = new ArrayBufferWriter<byte>();
        failure.WriteDetails(details);
        var message = JsonValue.Create(failure.Message).ToJsonString();
        return $$"""{"ok":false,"message":{{message}},"details":{{Encoding.UTF8.GetString(details.WrittenSpan)}}}""";
    }

    /// <summary>Leaves of a random schema only what JSON has values for: a Date is another thing than its text.</summary>
    private static void BecomeJson(Application application)
    {
        foreach (var type in application.Types_.ToList())
        {
            if (type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive)
            {
                type.Primitive = type.Primitive switch
                {
                    Primitive.Date or Primitive.Bytes => Primitive.String,
                    Primitive.Bigint or Primitive.Decimal => Primitive.Number,
                    var other => other,
                };
            }
            else if (type.ShapeCase == TypeSchema.ShapeOneofCase.Set)
            {
                type.Array = new ArrayShape { Element = type.Set.Element };
                var unique = new Rule { UniqueItems = true };
                type.Rule = type.Rule is null ? unique : SchemaBuilder.All(type.Rule, unique);
            }
            else if (type.ShapeCase == TypeSchema.ShapeOneofCase.Map)
            {
                var entry = new TupleShape { Elements = { new TupleElement { Type = type.Map.Key }, new TupleElement { Type = type.Map.Value } } };
                application.Types_.Add(new TypeSchema { Tuple = entry });
                type.Array = new ArrayShape { Element = (uint)application.Types_.Count - 1 };
            }
        }
    }
}
