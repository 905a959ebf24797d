using System.Buffers;
using System.Text;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Responses;

/// <summary>Answers whose type isn't one plain object: unions, patterns, and types that say nothing of objects.</summary>
public sealed class ResponseRootTests
{
    [Theory]
    [InlineData("{\"ok\":true,\"item\":1,\"secret\":2}", "{\"ok\":true,\"item\":1}")]
    [InlineData("{\"ok\":false,\"reason\":\"x\"}", "{\"ok\":false,\"reason\":\"x\"}")]
    [InlineData("{\"secret\":1}", "{}")]
    [InlineData("null", "null")]
    [InlineData("", "null")]
    [InlineData("[{\"secret\":1}]", "[{\"secret\":1}]")]
    public void Encode_Union_SendsWhatAnyOfItsObjectsDeclares(string answer, string expected) => Assert.Equal(expected, Encode(
        schema => schema.Union(
            schema.Object(Field("ok", schema.Literal(value: true)), Field("item", schema.Number)),
            schema.Object(Field("ok", schema.Literal(value: false)), Field("reason", schema.Text)), schema.Null, schema.ArrayOf(schema.Any)),
        answer).Body);

    [Theory]
    [InlineData("", "{}")]
    [InlineData("null", "{}")]
    [InlineData("{\"b\":1}", "{\"b\":1}")]
    public void Encode_UnionOfObjectsAlone_IsAnObject(string answer, string expected) =>
        Assert.Equal(expected, Encode(schema => schema.Union(schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Number))), answer).Body);

    [Fact]
    public void Encode_UnionOfObjectsAlone_FailsForAnythingElse() =>
        Assert.NotNull(Encode(schema => schema.Union(schema.Object(Field("a", schema.Number)), schema.Object(Field("b", schema.Number))), "[1]").Result.Error);

    [Fact]
    public void Encode_UnionWithARecord_SendsEverything() =>
        Assert.Equal("{\"x\":1}", Encode(schema => schema.Union(schema.Object(Field("a", schema.Number)), schema.RecordOf(schema.Number)), "{\"x\":1}").Body);

    [Fact]
    public void Encode_UnionWithHeadFields_MovesThem()
    {
        var type = (SchemaBuilder schema) => schema.Union(
            schema.Object(Field("status", schema.Number).In(WireKind.HttpStatus), Field("location", schema.Text).In(WireKind.Header, "location")),
            schema.Object(Field("status", schema.Number).In(WireKind.HttpStatus), Field("reason", schema.Text)), schema.Null);

        var created = Encode(type, """{"status":201,"location":"/x"}""");
        var refused = Encode(type, """{"status":404,"reason":"gone"}""");

        Assert.Equal(("{}", "201 location: /x\n"), (created.Body, created.Head));
        Assert.Equal(("{\"reason\":\"gone\"}", "404 "), (refused.Body, refused.Head));
    }

    [Fact]
    public void Encode_FieldThatTravelsByOption_StaysInTheBody() => Assert.Equal("{\"a\":\"x\"}", Encode(
        schema => schema.Union(schema.Object(Field("a", schema.Text).In(WireKind.Header)), schema.Object(Field("a", schema.Text))), "{\"a\":\"x\"}").Body);

    [Theory]
    [InlineData("{\"x-a\":1,\"y\":2,\"n\":3}", "{\"x-a\":1,\"n\":3}")]
    [InlineData("{\"\\u0078-a\":1}", "{\"\\u0078-a\":1}")]
    [InlineData("{\"y\":2}", "{}")]
    public void Encode_Patterns_KeepNamesThatFit(string answer, string expected) => Assert.Equal(expected, Encode(
        schema =>
        {
            var key = schema.Ruled(schema.Text, new Rule { Matches = "^x-" });
            var number = schema.Number;
            var shape = Shape(Optional("n", number));
            shape.Patterns.Add(new PatternFields { Key = key, Value = number });
            return schema.Recursive(_ => new TypeSchema { Object = shape });
        },
        answer).Body);

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("12.5")]
    [InlineData("false")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    public void Encode_OtherShapes_AreCopied(string answer)
    {
        Assert.Equal(answer, Encode(schema => schema.Text, answer).Body);
        Assert.Equal(answer, Encode(schema => schema.ArrayOf(schema.Number), answer).Body);
        Assert.Equal(answer, Encode(schema => schema.Union(schema.Text, schema.Number, schema.Null), answer).Body);
    }

    [Theory]
    [InlineData("100")]
    [InlineData("101")]
    [InlineData("199")]
    public void Encode_InterimStatus_Fails(string status) =>
        Assert.Contains("from 200 to 599", Encode(schema => schema.Object(Field("s", schema.Number).In(WireKind.HttpStatus)), $"{{\"s\":{status}}}").Result.Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public void Encode_StatusWithoutContent_SendsItsHeadersAlone(int status)
    {
        var (body, result, head) = Encode(
            schema => schema.Object(Field("s", schema.Number).In(WireKind.HttpStatus), Optional("tag", schema.Text).In(WireKind.Header, "etag"), Optional("a", schema.Any)),
            $$"""{"s":{{status}},"tag":"\"1\"","a":1}""");

        Assert.Equal(("", false, $"{status} etag: \"1\"\n"), (body, result.HasBody, head));
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"s\":null,\"a\":1}")]
    public void Encode_OptionalStatusThatIsAbsent_LeavesIt(string answer)
    {
        var (body, _, head) = Encode(schema => schema.Object(Optional("s", schema.Nullable(schema.Number)).In(WireKind.HttpStatus), Optional("a", schema.Any)), answer);

        Assert.Equal(("{\"a\":1}", "0 "), (body, head));
    }

    private static (string Body, EncodeResult Result, string Head) Encode(Func<SchemaBuilder, uint> type, string answer)
    {
        var schema = new SchemaBuilder();
        var plan = ResponsePlan.Compile(schema.Application, schema.Endpoint(response: type(schema)));
        var body = new ArrayBufferWriter<byte>();
        var head = new TestHead();
        var result = plan.Encode(Encoding.UTF8.GetBytes(answer), body, head);
        return (Encoding.UTF8.GetString(body.WrittenSpan), result, $"{head.Status} {head.Lines}");
    }

    private sealed class TestHead : IResponseHead
    {
        public int Status { get; private set; }

        public string Lines { get; private set; } = "";

        public void SetStatus(int status) => Status = status;

        public void AddHeader(string name, string value) => Lines += $"{name}: {value}\n";
    }
}
