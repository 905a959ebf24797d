using System.Diagnostics;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

/// <summary>What a violation says, and what it costs to say it.</summary>
public sealed class ViolationTests
{
    [Fact]
    public void Decode_Violations_SayWhatWasExpectedAndWhatCame()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("n", schema.Number), Field("a/b~c", schema.Ruled(schema.Text, new Rule { MinLength = 3 })), Field("t", schema.Tuple([schema.Number])),
            Field("missing", schema.Number), Field("e", schema.Enum("x", "y"))));

        var failure = harness.RejectBody("""{"n":{"x":[1, 2]},"a/b~c":"é","t":[1,2],"e":"z"}""");

        Assert.Equal(
            [
                new Violation(RequestPlace.Body, "/n", "type", "invalid type: map, expected a number", "a number", "{\"x\":[1, 2]}"),
                new Violation(RequestPlace.Body, "/a~1b~0c", "minLength", "length too short (got 1, expected at least 3)", "length at least 3", "\"é\""),
                new Violation(RequestPlace.Body, "/t", "maxLength", "tuple too long (got 2 elements, expected exactly 1)", "1 elements", "[1,2]"),
                new Violation(RequestPlace.Body, "/e", "type", "invalid type: string \"z\", expected \"x\" or \"y\"", "\"x\" or \"y\"", "\"z\""),
                new Violation(RequestPlace.Body, "/missing", "required", "missing field missing"),
            ],
            failure.Violations);
    }

    [Fact]
    public void Decode_SensitiveEndpoint_NeverShowsValues()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Field("a", schema.Number), Field("b", schema.Ruled(schema.Text, new Rule { Matches = "^x$" })), Field("c", schema.Ruled(schema.BigInt, new Rule { Min = 5 })),
                Field("d", schema.Union(schema.Object(Field("k", schema.Literal("a"))), schema.Object(Field("k", schema.Literal("b"))))),
                Field("e", schema.Union(schema.Object(Field("x", schema.Number)), schema.Object(Field("y", schema.Number)))),
                Field("f", schema.Ruled(schema.Date, new Rule { Lower = new Bound { Text = "2030-01-01T00:00:00Z" } })), Field("g", schema.Literal("only"))),
            sensitive: true);

        var failure = harness.RejectBody("""{"a":"SECRET","b":"SECRET","c":"4","d":{"k":"SECRET"},"e":{"x":"SECRET"},"f":"2024-01-01T00:00:00Z","g":"SECRET"}""");

        Assert.Equal(7, failure.Violations.Count);
        Assert.All(failure.Violations, violation => Assert.Null(violation.Got));
        Assert.All(failure.Violations, violation => Assert.DoesNotContain("SECRET", violation.Message, StringComparison.Ordinal));
        Assert.All(failure.Violations, violation => Assert.DoesNotContain("2024", violation.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_LongValues_AreCutAtACharacter()
    {
        var harness = DecodeHarness.Value(schema => schema.Number);

        var got = harness.Reject($"\"{string.Concat(Enumerable.Repeat("😀", 1000))}\"").Got;

        Assert.Equal("\"" + string.Concat(Enumerable.Repeat("😀", 31)) + "…", got);
        Assert.InRange(harness.Reject($"[{new string(' ', 100_000)}]").Got?.Length ?? 0, 1, 65);
    }

    [Fact]
    public void Decode_HostileBodies_AreReportedInTime()
    {
        var schema = new SchemaBuilder();
        var number = schema.Number;
        var tree = schema.Recursive(self => new TypeSchema
        {
            Union = new UnionShape
            {
                Options =
                {
                    schema.Object(Optional("a", self), Field("x", number)), schema.Object(Optional("a", self), Field("y", number)),
                    schema.ArrayOf(self), schema.Tuple([number, self]), schema.SetOf(self), schema.MapOf(self, self),
                },
            },
        });
        var harness = new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(schema.Object(Field("v", tree))), "POST"));
        var watch = Stopwatch.StartNew();

        foreach (var hostile in new[]
        {
            string.Concat(Enumerable.Repeat("[", 120)) + string.Join(',', Enumerable.Repeat("[]", 500_000)) + string.Concat(Enumerable.Repeat("]", 120)),
            string.Concat(Enumerable.Repeat("{\"a\":[", 60)) + string.Join(',', Enumerable.Repeat("{}", 500_000)) + string.Concat(Enumerable.Repeat("]}", 60)),
            string.Concat(Enumerable.Repeat("[1,[", 60)) + "true" + string.Concat(Enumerable.Repeat("]]", 60)),
            string.Concat(Enumerable.Repeat("[[[],", 40)) + "[[[]]]" + string.Concat(Enumerable.Repeat("]]", 40)),
            $"[{string.Join(',', Enumerable.Repeat("true", 400_000))}]",
        })
        {
            harness.Decode($"{{\"v\":{hostile}}}");
        }

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    [Fact]
    public void Decode_PatternsThatBacktrack_HaveOneBudgetForTheRequest()
    {
        var harness = DecodeHarness.Value(schema => schema.ArrayOf(schema.Ruled(schema.Text, new Rule { Matches = "^(?=(a+)+$)(?:(a+)+)\\1b$" })));
        var texts = string.Join(',', Enumerable.Repeat($"\"{new string('a', 40)}\"", 1000));
        var watch = Stopwatch.StartNew();

        var failure = harness.RejectBody($"{{\"v\":[{texts}]}}");

        Assert.Contains("takes too long", failure.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|a)*$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("(x+x+)+y")]
    [InlineData("^(\\w+\\s?)*$")]
    [InlineData("\\b(a+)+\\b$")]
    [InlineData("^(?:a?){30}a{30}$")]
    [InlineData("(.*)*b\\b")]
    public void Decode_NestedQuantifiers_TakeLinearTime(string pattern)
    {
        var harness = DecodeHarness.Value(schema => schema.Ruled(schema.Text, new Rule { Matches = pattern }));
        var watch = Stopwatch.StartNew();

        harness.Decode($"{{\"v\":\"{new string('a', 50_000)}!\"}}");
        harness.Decode($"{{\"v\":\"{new string('x', 50_000)}\"}}");

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }
}
