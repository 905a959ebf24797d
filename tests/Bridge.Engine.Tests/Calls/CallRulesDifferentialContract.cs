using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8CallRulesDifferentialTests() : CallRulesDifferentialContract(new V8EngineFactory(), types: 400);

public sealed class JintCallRulesDifferentialTests() : CallRulesDifferentialContract(new JintEngineFactory(), types: 60);

/// <summary>Rules on dates, bigints, decimals, numbers and bytes hold for the objects as they do for their JSON, to the last digit.</summary>
public abstract class CallRulesDifferentialContract(IScriptEngineFactory factory, int types)
{
    private const int ValuesOfAType = 12;

    private static readonly string[] Digits =
        ["0", "1", "-1", "2", "3", "7", "10", "100", "-250", "9007199254740993", "-9007199254740992", "100000000000000000000001", "123456789012345678901234567890"];

    private static readonly string[] Fractions = ["0.1", "-0.5", "2.5", "0.30", "1.05", "-0.00000000000000000000000001", "12345678901234567890.15"];

    private static readonly double[] Divisors = [1, 2, 3, 7, 0.5, 0.1, 0.05, 1e21, -5];

    [Fact]
    public Task Check_RuledObjects_AgreesWithTheDecoder() => EngineThread.RunAsync(factory, engine =>
    {
        var random = new Random(20240503);
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        using var check = scripts.Function("(endpoint, text) => JSON.stringify(requests[endpoint](revivers[endpoint](JSON.parse(text), Decimal)))");
        using var output = new PooledBuffer();
        var (accepted, refused) = (0, 0);
        for (var i = 0; i < types; i++)
        {
            var (type, value) = Scalar(random, schema);
            var isDate = schema.Application.Types_[(int)type].Primitive == Primitive.Date;
            var free = schema.Endpoint(schema.Object(SchemaBuilder.Field("v", type)));
            var rule = Combined(random, isDate, depth: 2);
            var ruled = schema.Endpoint(schema.Object(SchemaBuilder.Field("v", schema.Ruled(type, rule))));
            var (reviving, plan) = (RequestPlan.Compile(schema.Application, free, "POST"), RequestPlan.Compile(schema.Application, ruled, "POST"));
            var index = scripts.Load(ruled, reviving.Reviver);
            for (var n = 0; n < ValuesOfAType; n++)
            {
                var parts = new RequestParts { Body = Encoding.UTF8.GetBytes($$"""{"v":{{value()}}}""") };
                output.Truncate(0);
                Assert.Null(reviving.Decode(parts, output));
                var answer = check.Invoke(ScriptValue.From(index), ScriptValue.From(Encoding.UTF8.GetString(output.Written))).AsText();
                var failure = plan.Decode(parts, output);
                (accepted, refused) = failure is null ? (accepted + 1, refused) : (accepted, refused + 1);
                var inside = JsonNode.Parse(answer)!;
                var agrees = failure is null ? inside["ok"]!.GetValue<bool>() : JsonNode.DeepEquals(JsonNode.Parse(CallDifferentialContract.Described(failure)), inside);
                Assert.True(agrees, $"{Encoding.UTF8.GetString(parts.Body)} {rule}\nby HTTP {failure?.Message ?? "accepted"}\ninside  {answer}");
            }
        }

        Assert.InRange(accepted, (accepted + refused) / 5, (accepted + refused) * 4 / 5);
    });

    private static (uint Type, Func<string> Json) Scalar(Random random, SchemaBuilder schema) => random.Next(5) switch
    {
        0 => (schema.BigInt, () => $"\"{Pick(random, Digits)}\""),
        1 => (schema.Decimal, () => $"\"{Pick(random, [.. Digits, .. Fractions])}\""),
        2 => (schema.Date, () => $"\"{Time(random.Next(-3, 4))}\""),
        3 => (schema.Number, () => Shortest(Pick(random, [.. Digits, .. Fractions]))),
        _ => (schema.Bytes, () => $"\"{Convert.ToBase64String(new byte[random.Next(5)])}\""),
    };

    private static Rule Combined(Random random, bool isDate, int depth)
    {
        if (depth == 0 || random.Next(4) > 0)
        {
            return isDate ? OfDate(random) : OfNumber(random);
        }

        Rule[] rules = [Combined(random, isDate, depth - 1), Combined(random, isDate, depth - 1)];
        return random.Next(2) == 0 ? SchemaBuilder.All(rules) : SchemaBuilder.AnyOf(rules);
    }

    private static Rule OfDate(Random random)
    {
        var bound = new Bound { Text = Time(random.Next(-2, 3)), Exclusive = random.Next(2) == 0 };
        return random.Next(2) == 0 ? new Rule { Lower = bound } : new Rule { Upper = bound };
    }

    private static Rule OfNumber(Random random)
    {
        var text = Pick(random, [.. Digits, .. Fractions]);
        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return random.Next(9) switch
        {
            0 => new Rule { Min = number },
            1 => new Rule { Max = number },
            2 => new Rule { Lower = new Bound { Number = number, Exclusive = random.Next(2) == 0 } },
            3 => new Rule { Lower = new Bound { Text = text, Exclusive = random.Next(2) == 0 } },
            4 => new Rule { Upper = new Bound { Text = text, Exclusive = random.Next(2) == 0 } },
            5 => new Rule { Integer = true },
            6 => new Rule { MinLength = (uint)random.Next(4) },
            _ => new Rule { MultipleOf = Divisors[random.Next(Divisors.Length)] },
        };
    }

    private static string Time(int milliseconds) => DateTime.UnixEpoch.AddMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // As JSON.stringify writes it.
    private static string Shortest(string text) => Math.Abs(double.Parse(text, CultureInfo.InvariantCulture)) switch
    {
        >= 1e29 => "1.2345678901234568e+29",
        >= 1e23 => "1e+23",
        > 1e19 => "12345678901234567000",
        > 0 and < 1e-20 => "-1e-26",
        _ => double.Parse(text, CultureInfo.InvariantCulture).ToString("0.################", CultureInfo.InvariantCulture),
    };

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];
}
