using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Fuzzing;

public sealed class DecodeFuzzTests
{
    private const int Bodies = 60_000;

    private static readonly string[] Samples =
    [
        Decoding.BenchmarkBodyTests.Body.Replace("\"test\"", "\"te\\u0073t é\"", StringComparison.Ordinal)[..^1]
            + ""","date":"2024-02-29T12:00:00.5+01:00","big":12345678901234567890,"union":{"kind":"b","y":["x","y"]},"record":{"a":[1,2],"b":[]},"tree":{"n":1,"next":{"n":2}},"any":{"deep":[{"x":null}]},"short":"abc"}""",
        """{"requiredKey":[],"union":{"kind":"a","x":1},"big":"7","tree":{"n":1,"children":[{"n":2},{"n":3,"children":[]}]},"extra":{"requiredKey":[1]}}""",
        """{"requiredKey":[1e3,-0.5],"union":"a","record":{},"short":"😀a","any":[[[]]],"date":"1999-12-31T23:59:59Z","multipleTypesKey":5}""",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decode_MutatedBodies_AgreesWithTheReference(int seed)
    {
        var schema = new SchemaBuilder();
        var type = Build(schema);
        var plan = RequestPlan.Compile(schema.Application, schema.Endpoint(type), "POST");
        var reference = new ReferenceDecoder(schema.Application);
        var mutator = new BodyMutator(seed, Samples);
        using var output = new PooledBuffer();
        var accepted = 0;
        for (var round = 0; round < Bodies / 2; round++)
        {
            var body = mutator.Next();
            output.Truncate(0);
            var failure = plan.Decode(new RequestParts { Body = body }, output);
            var expected = reference.Decode(body, type);
            Assert.True((failure is null) == (expected is not null), $"{Encoding.UTF8.GetString(body)}\n{failure?.Message}");
            if (failure is null)
            {
                accepted++;
                Assert.True(Utf8.IsValid(output.Written));
                Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(output.Written)), $"{Encoding.UTF8.GetString(body)}\n{Encoding.UTF8.GetString(output.Written)}");
            }
            else
            {
                Assert.InRange(failure.Violations.Count, 1, DecodeFailure.MaxViolations);
                Assert.NotEmpty(failure.Message);
                Assert.Equal(0, output.Length);
            }
        }

        // Both ways must be tried, or the test shows little.
        Assert.InRange(accepted, Bodies / 20, Bodies / 2 * 9 / 10);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Decode_RandomSchemas_AgreeWithTheReference(int seed)
    {
        const int Schemas = 400;
        const int BodiesOfEach = 60;
        var generator = new SchemaGenerator(seed);
        using var output = new PooledBuffer();
        var accepted = 0;
        for (var round = 0; round < Schemas; round++)
        {
            var schema = new SchemaBuilder();
            var type = generator.Type(schema, depth: 3);
            var root = schema.Object(Field("v", type));
            var plan = RequestPlan.Compile(schema.Application, schema.Endpoint(root), "POST");
            var reference = new ReferenceDecoder(schema.Application) { MarksConverted = true };
            var samples = Enumerable.Range(0, BodiesOfEach / 2).Select(_ => generator.Value(schema.Application, root)).ToArray();
            var mutator = new BodyMutator(seed + round, samples);
            foreach (var body in samples.Select(Encoding.UTF8.GetBytes).Concat(Enumerable.Range(0, BodiesOfEach / 2).Select(_ => mutator.Next())))
            {
                accepted += Compare(plan, schema.Application, reference, root, body, output) ? 1 : 0;
            }
        }

        Assert.InRange(accepted, Schemas * BodiesOfEach / 4, Schemas * BodiesOfEach * 9 / 10);
    }

    [Fact]
    public void Decode_RandomQueriesAndPaths_NeverThrows()
    {
        var schema = new SchemaBuilder();
        var request = schema.Object(
            Optional("n", schema.Number), Optional("list", schema.ArrayOf(schema.Nullable(schema.Number))), Optional("t", schema.Text),
            Optional("d", schema.Date), Field("p", schema.Text), Optional("h", schema.Text).In(WireKind.Header, "h"), Optional("c", schema.Number).In(WireKind.Cookie));
        var harness = new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(request, path: "/:p"), "GET"));
        var random = new Random(7);
        const string Alphabet = "ntldpc=&%+;, 0159aFZ-.:\"\\\0é\ud83d\ude00\u2028";
        for (var round = 0; round < 20_000; round++)
        {
            var (json, failure) = harness.Decode(
                query: Text(), path: Text() is var path ? path : "", pathValues: [0..path.Length], headers: new TestHeaders(("h", Text()), ("cookie", Text())));
            Assert.True(json is null != failure is null);
            if (json is not null)
            {
                JsonNode.Parse(json);
            }
        }

        string Text() => string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }

    /// <summary>Decodes a body in both ways and compares: verdict, and what the handler gets of it.</summary>
    private static bool Compare(RequestPlan plan, Application application, ReferenceDecoder reference, uint root, byte[] body, PooledBuffer output)
    {
        output.Truncate(0);
        var failure = plan.Decode(new RequestParts { Body = body }, output);
        var expected = reference.Decode(body, root);
        Assert.True(
            (failure is null) == (expected is not null),
            $"{Encoding.UTF8.GetString(body)}\n{failure?.Message ?? $"accepted as {Encoding.UTF8.GetString(output.Written)}"}\n{application}");
        if (failure is not null)
        {
            Assert.InRange(failure.Violations.Count, 1, DecodeFailure.MaxViolations);
            Assert.Equal(0, output.Length);
            return false;
        }

        Assert.True(Utf8.IsValid(output.Written));
        var actual = JsonNode.Parse(output.Written);
        if (plan.Reviver is null)
        {
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{Encoding.UTF8.GetString(body)}\n{actual}\n{expected}\n{application}");
        }

        return true;
    }

    private static uint Build(SchemaBuilder schema)
    {
        var (number, text) = (schema.Number, schema.Text);
        var tree = schema.Recursive(self => new TypeSchema
        {
            Object = Shape(Field("n", number), Optional("next", self), Optional("children", schema.ArrayOf(self))),
        });
        return schema.Object(
            Optional("someKey", text),
            Optional("someOtherKey", number),
            Field("requiredKey", schema.ArrayOf(number)),
            Optional("nullableKey", schema.Nullable(number)),
            Optional("multipleTypesKey", schema.Union(schema.Boolean, number)),
            Optional("multipleRestrictedTypesKey", schema.Union(text, number)),
            Optional("enumKey", schema.Enum("John", "Foo")),
            Optional("date", schema.Date),
            Optional("big", schema.BigInt),
            Optional("union", schema.Union(
                schema.Object(Field("kind", schema.Literal("a")), Field("x", number)),
                schema.Object(Field("kind", schema.Literal("b")), Field("y", schema.ArrayOf(text))),
                schema.Literal("a"))),
            Optional("record", schema.RecordOf(schema.ArrayOf(number))),
            Optional("tree", tree),
            Optional("any", schema.Any),
            Optional("short", schema.Ruled(text, new Rule { MinLength = 3 }, new Rule { MaxLength = 5 })));
    }
}
