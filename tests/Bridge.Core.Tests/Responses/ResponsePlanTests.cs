using System.Buffers;
using System.Text;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Responses;

public sealed class ResponsePlanTests
{
    [Theory]
    [InlineData("{\"a\":1,\"b\":\"x\"}", "{\"a\":1,\"b\":\"x\"}")]
    [InlineData("{\"b\":\"x\",\"a\":1}", "{\"b\":\"x\",\"a\":1}")]
    [InlineData("{\"a\":1,\"x\":2,\"b\":\"y\"}", "{\"a\":1,\"b\":\"y\"}")]
    [InlineData("{\"x\":2,\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"a\":1,\"x\":2}", "{\"a\":1}")]
    [InlineData("{\"x\":1,\"y\":{\"a\":2}}", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("{\"a\":{\"x\":[1,\"]}\\\"\"],\"deep\":{}},\"x\":[{}],\"b\":[]}", "{\"a\":{\"x\":[1,\"]}\\\"\"],\"deep\":{}},\"b\":[]}")]
    [InlineData("{\"x\":\"a\\\\\",\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"x\":\"\\\\\\\"\",\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"x\":null,\"a\":true,\"y\":-1.5e3,\"b\":false}", "{\"a\":true,\"b\":false}")]
    [InlineData("{\"a\\\"\":1,\"a\":2}", "{\"a\":2}")]
    [InlineData("{ \"x\" : 1 , \"a\" : 2 }", "{\"a\" : 2}")]
    public void Encode_Object_SendsDeclaredFieldsOnly(string answer, string expected)
    {
        var (body, result, head) = Encode(schema => schema.Object(Optional("a", schema.Any), Optional("b", schema.Any)), answer);

        Assert.Equal(expected, body);
        Assert.Equal(EncodeResult.WithBody, result);
        Assert.Equal(("", 0), (head.Text, head.Status));
    }

    [Theory]
    [InlineData("quo\"te")]
    [InlineData("back\\slash")]
    [InlineData("\n")]
    [InlineData("é😀")]
    [InlineData("")]
    [InlineData("__proto__")]
    public void Encode_UnusualFieldName_IsKept(string name)
    {
        var json = $"{{{System.Text.Json.JsonSerializer.Serialize(name)}:1,\"x\":2}}";

        var (body, _, _) = Encode(schema => schema.Object(Field(name, schema.Number)), json);

        Assert.Equal(json.Replace(",\"x\":2", "", StringComparison.Ordinal), body);
    }

    [Fact]
    public void Encode_NoResponseType_HasNoBody()
    {
        var (body, result, _) = Encode(null, "{\"a\":1}");

        Assert.Equal("", body);
        Assert.Equal(EncodeResult.WithoutBody, result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    public void Encode_NothingFromATypedHandler_IsAnEmptyObject(string answer) =>
        Assert.Equal("{}", Encode(schema => schema.Object(Field("a", schema.Number)), answer).Body);

    [Theory]
    [InlineData("[1,{\"x\":1}]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{\"x\":1}")]
    public void Encode_OtherRootTypes_AreCopied(string answer)
    {
        Assert.Equal(answer, Encode(schema => schema.Any, answer).Body);
        Assert.Equal(answer, Encode(schema => schema.RecordOf(schema.Any), answer).Body);
        Assert.Equal(answer, Encode(schema => schema.Nullable(schema.RecordOf(schema.Number)), answer).Body);
    }

    [Fact]
    public void Encode_IndexSignature_KeepsEverything() =>
        Assert.Equal("{\"x\":1,\"a\":2}", Encode(schema => schema.OpenObject(schema.Number, Field("a", schema.Number)), "{\"x\":1,\"a\":2}").Body);

    [Fact]
    public void Encode_HeadersAndStatus_LeaveTheBody()
    {
        var (body, result, head) = Encode(
            schema => schema.Object(
                Field("status", schema.Number).In(WireKind.HttpStatus), Field("location", schema.Text).In(WireKind.Header, "Location"),
                Field("n", schema.Number).In(WireKind.Header, "x-n"), Field("tags", schema.ArrayOf(schema.Text)).In(WireKind.Header),
                Field("none", schema.Text).In(WireKind.Header), Field("a", schema.Number), Field("b", schema.Number)),
            """{"a":1,"status":201,"location":"/x\u0022\/y","x":0,"n":5,"tags":["p","q",null],"none":null,"b":2}""");

        Assert.Equal("{\"a\":1,\"b\":2}", body);
        Assert.True(result.HasBody);
        Assert.Equal(201, head.Status);
        Assert.Equal("location: /x\"/y\nx-n: 5\ntags: p\ntags: q\n", head.Text);
    }

    [Theory]
    [InlineData("\"a\\r\\nSet-Cookie: x\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"é\"")]
    [InlineData("\"\\u00e9\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("[\"ok\",\"a\\nb\"]")]
    [InlineData("[[\"x\"]]")]
    public void Encode_UnsafeHeader_FailsAndTouchesNothing(string value)
    {
        var (body, result, head) = Encode(
            schema => schema.Object(Field("ok", schema.Text).In(WireKind.Header, "x-ok"), Field("h", schema.Any).In(WireKind.Header, "x-h"), Field("a", schema.Number)),
            $"{{\"ok\":\"fine\",\"a\":1,\"h\":{value}}}");

        Assert.StartsWith("The field h of the answer can't be sent as the header x-h", result.Error, StringComparison.Ordinal);
        Assert.False(result.HasBody);
        Assert.Equal(("", "", 0), (body, head.Text, head.Status));
    }

    [Theory]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("-200")]
    [InlineData("200.5")]
    [InlineData("\"200\"")]
    [InlineData("99999999999999")]
    [InlineData("{}")]
    public void Encode_ImpossibleStatus_Fails(string value) =>
        Assert.Contains("HTTP status", Encode(schema => schema.Object(Field("s", schema.Number).In(WireKind.HttpStatus)), $"{{\"s\":{value}}}").Result.Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public void Encode_StatusWithoutContent_HasNoBody(int status)
    {
        var (body, result, head) = Encode(
            schema => schema.Object(Field("s", schema.Number).In(WireKind.HttpStatus), Optional("a", schema.Number)), $"{{\"s\":{status},\"a\":1}}");

        Assert.Equal(("", false, status), (body, result.HasBody, head.Status));
    }

    [Fact]
    public void Encode_Cookie_BecomesAHeader()
    {
        var type = (SchemaBuilder schema) => schema.Object(Field("c", schema.Object(Field("value", schema.Text))).In(WireKind.Cookie, "sid"));

        var (body, _, head) = Encode(
            type,
            """{"c":{"value":"v","expires":"2030-01-02T03:04:05.000Z","sameSite":"Lax","domain":"x.y","path":"/","maxAge":60,"secure":true,"httpOnly":true,"partitioned":false}}""");
        var (_, refused, _) = Encode(type, """{"c":{"value":"v; Domain=evil"}}""");

        Assert.Equal("{}", body);
        Assert.Equal("set-cookie: sid=v; HttpOnly; SameSite=Lax; Secure; Path=/; Domain=x.y; Max-Age=60; Expires=Wed, 02 Jan 2030 03:04:05 GMT\n", head.Text);
        Assert.NotNull(refused.Error);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("{\"a\"")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":[}")]
    [InlineData("{\"a\":\"\\")]
    [InlineData("{\"a\":\"\\\"}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":}")]
    public void Encode_NoObject_FailsWithoutThrowing(string answer)
    {
        var (body, result, _) = Encode(schema => schema.Object(Field("a", schema.Number)), answer);

        Assert.NotNull(result.Error);
        Assert.Equal("", body);
    }

    [Fact]
    public void Encode_AnyPrefixOfAnAnswer_NeverThrows()
    {
        const string Answer = """{"s":201,"h":"x\u00e9\\","c":{"value":"v"},"list":[{"a":"]"}],"x":null}""";
        for (var length = 0; length <= Answer.Length; length++)
        {
            Encode(
                schema => schema.Object(
                    Field("s", schema.Number).In(WireKind.HttpStatus), Field("h", schema.Text).In(WireKind.Header),
                    Field("c", schema.Any).In(WireKind.Cookie), Field("list", schema.Any)),
                Answer[..length]);
        }
    }

    [Fact]
    public void Encode_PlainAnswer_AllocatesNothing()
    {
        var schema = new SchemaBuilder();
        var type = schema.Object(Field("message", schema.Text), Optional("list", schema.ArrayOf(schema.Number)));
        var plan = ResponsePlan.Compile(schema.Application, schema.Endpoint(response: type));
        var answer = Encoding.UTF8.GetBytes("""{"message":"Hello, World","list":[1,2,3],"secret":"dropped"}""");
        using var body = new Buffers.PooledBuffer();
        var head = new TestHead();
        var before = 0L;
        for (var round = 0; round < 50; round++)
        {
            before = round == 40 ? GC.GetAllocatedBytesForCurrentThread() : before;
            body.Truncate(0);
            plan.Encode(answer, body, head);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (string Body, EncodeResult Result, TestHead Head) Encode(Func<SchemaBuilder, uint>? type, string answer)
    {
        var schema = new SchemaBuilder();
        var plan = ResponsePlan.Compile(schema.Application, schema.Endpoint(response: type?.Invoke(schema)));
        var body = new ArrayBufferWriter<byte>();
        var head = new TestHead();
        var result = plan.Encode(Encoding.UTF8.GetBytes(answer), body, head);
        return (Encoding.UTF8.GetString(body.WrittenSpan), result, head);
    }

    private sealed class TestHead : IResponseHead
    {
        public int Status { get; private set; }

        public string Text { get; private set; } = "";

        public void SetStatus(int status) => Status = status;

        public void AddHeader(string name, string value) => Text += $"{name}: {value}\n";
    }
}
