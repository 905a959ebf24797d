using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class DefaultTests
{
    [Theory]
    [InlineData("{}", "{\"n\":7,\"list\":[1,2.50],\"at\":0}")]
    [InlineData("", "{\"n\":7,\"list\":[1,2.50],\"at\":0}")]
    [InlineData("{\"list\":[]}", "{\"list\":[],\"n\":7,\"at\":0}")]
    [InlineData("{\"other\":1,\"n\":1,\"list\":[],\"at\":\"1970-01-01T00:00:01Z\"}", "{\"n\":1,\"list\":[],\"at\":1000}")]
    public void Decode_MissingField_TakesItsDefault(string body, string expected)
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Defaulted("n", schema.Number, "7"), Defaulted("list", schema.ArrayOf(schema.Number), " [1, 2.50] "),
            Defaulted("at", schema.Date, "\"1970-01-01T00:00:00Z\""), Optional("other", schema.Null)));

        Assert.Equal(expected, harness.AcceptBody(body.Replace("\"other\":1,", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Decode_NullForADefaultedField_IsAViolation() =>
        Assert.Equal("/n", Assert.Single(DecodeHarness.Body(schema => schema.Object(Defaulted("n", schema.Number, "7"))).RejectBody("{\"n\":null}").Violations).Path);

    [Fact]
    public void Decode_DefaultsInside_AreFilledInToo()
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var inner = schema.Object(Defaulted("x", schema.Number, "1"), Optional("y", schema.Number));
            return schema.Object(
                Field("required", inner), Defaulted("whole", inner, "{\"y\":2}"), Optional("list", schema.ArrayOf(inner)), Optional("map", schema.MapOf(schema.Text, inner)));
        });

        Assert.Equal(
            "{\"required\":{\"x\":1},\"list\":[{\"x\":1},{\"x\":5}],\"map\":[[\"k\",{\"x\":1}]],\"whole\":{\"y\":2,\"x\":1}}",
            harness.AcceptBody("{\"required\":{},\"list\":[{},{\"x\":5}],\"map\":[[\"k\",{}]]}"));
    }

    [Fact]
    public void Decode_EveryPlace_FillsDefaultsIn()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Defaulted("q", schema.Number, "1"), Defaulted("qs", schema.ArrayOf(schema.Text), "[\"a\"]"),
                Defaulted("h", schema.Text, "\"x\"").In(WireKind.Header, "x-h"), Defaulted("c", schema.Boolean, "true").In(WireKind.Cookie, "c")),
            "GET");

        Assert.Equal("{\"q\":1,\"qs\":[\"a\"],\"h\":\"x\",\"c\":true}", harness.AcceptQuery(""));
        Assert.Equal(
            "{\"q\":2,\"qs\":[\"b\",\"c\"],\"h\":\"y\",\"c\":false}",
            harness.Decode(query: "q=2&qs=b&qs=c", headers: new TestHeaders(("x-h", "y"), ("cookie", "c=false"))).Json);
    }

    [Fact]
    public void Decode_WideObject_FillsInTheMissingOnes()
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var number = schema.Number;
            return schema.Object([.. Enumerable.Range(0, 200).Select(index => Defaulted($"f{index}", number, $"{index}"))]);
        });

        var json = harness.AcceptBody("{\"f199\":0}");

        Assert.StartsWith("{\"f199\":0,\"f0\":0,\"f1\":1,", json, StringComparison.Ordinal);
        Assert.EndsWith("\"f198\":198}", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("1 1")]
    [InlineData("")]
    [InlineData("100")]
    public void Compile_DefaultThatIsNoneOfTheType_IsADamagedSchema(string json)
    {
        var exception = Assert.Throws<SchemaException>(
            () => DecodeHarness.Body(schema => schema.Object(Defaulted("field", schema.Ruled(schema.Number, new Rule { Max = 10 }), json))));

        Assert.Contains("field", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_DefaultThatHoldsItself_IsADamagedSchema() =>
        Assert.Throws<SchemaException>(() => DecodeHarness.Body(schema => schema.Recursive(self => new TypeSchema
        {
            Object = Shape(Defaulted("next", self, "{}")),
        })));
}
