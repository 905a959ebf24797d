using System.Buffers;
using System.Text;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Xunit;

namespace Bridge.Core.Tests.Responses;

public sealed class SetCookieTests
{
    [Theory]
    [InlineData("""{"value":"v"}""", "c=v")]
    [InlineData("""{"value":""}""", "c=")]
    [InlineData("""{"value":5}""", "c=5")]
    [InlineData("""{"value":true}""", "c=true")]
    [InlineData("""{"value":"v","expires":"2030-01-02T03:04:05.678Z"}""", "c=v; Expires=Wed, 02 Jan 2030 03:04:05 GMT")]
    [InlineData("""{"value":"v","expires":"2030-01-02T04:04:05+01:00"}""", "c=v; Expires=Wed, 02 Jan 2030 03:04:05 GMT")]
    [InlineData("""{"value":"v","expires":"Wed, 02 Jan 2030 03:04:05 GMT"}""", "c=v; Expires=Wed, 02 Jan 2030 03:04:05 GMT")]
    [InlineData("""{"value":"v","expires":null,"maxAge":null,"sameSite":null,"path":null}""", "c=v")]
    [InlineData("""{"value":"v","maxAge":0}""", "c=v; Max-Age=0")]
    [InlineData("""{"value":"v","maxAge":-1}""", "c=v; Max-Age=-1")]
    [InlineData("""{"value":"v","maxAge":59.9}""", "c=v; Max-Age=59")]
    [InlineData("""{"value":"v","maxAge":1e6}""", "c=v; Max-Age=1000000")]
    [InlineData("""{"value":"v","sameSite":"Strict"}""", "c=v; SameSite=Strict")]
    [InlineData("""{"value":"v","sameSite":"None","partitioned":true,"secure":true}""", "c=v; SameSite=None; Partitioned; Secure")]
    [InlineData("""{"value":"v","httpOnly":true,"secure":false}""", "c=v; HttpOnly")]
    [InlineData("""{"value":"v","domain":"example.com","path":"/a"}""", "c=v; Path=/a; Domain=example.com")]
    public void Encode_Options_BecomeAttributes(string json, string expected) => Assert.Equal(expected, Write(json));

    [Theory]
    [InlineData("\"v\"")]
    [InlineData("{}")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":["v"]}""")]
    [InlineData("""{"value":"v\r\nSet-Cookie: x=1"}""")]
    [InlineData("""{"value":"v; Secure"}""")]
    [InlineData("""{"value":"é"}""")]
    [InlineData("""{"value":"v","path":"/; Domain=evil.example"}""")]
    [InlineData("""{"value":"v","domain":"a\nb"}""")]
    [InlineData("""{"value":"v","sameSite":"Sometimes"}""")]
    [InlineData("""{"value":"v","sameSite":true}""")]
    [InlineData("""{"value":"v","maxAge":"60"}""")]
    [InlineData("""{"value":"v","maxAge":1e300}""")]
    [InlineData("""{"value":"v","expires":"tomorrow"}""")]
    [InlineData("""{"value":"v","expires":5}""")]
    public void Encode_WhatACookieCannotHold_IsRefused(string json) => Assert.Null(Write(json));

    private static string? Write(string json)
    {
        var schema = new SchemaBuilder();
        var type = schema.Object(SchemaBuilder.Field("c", schema.Any).In(WireKind.Cookie));
        var plan = ResponsePlan.Compile(schema.Application, schema.Endpoint(response: type));
        var head = new Head();
        var result = plan.Encode(Encoding.UTF8.GetBytes($"{{\"c\":{json}}}"), new ArrayBufferWriter<byte>(), head);
        Assert.Equal(result.Error is null, head.Cookie is not null);
        return head.Cookie;
    }

    private sealed class Head : IResponseHead
    {
        public string? Cookie { get; private set; }

        public void SetStatus(int status) => Assert.Fail($"status {status}");

        public void AddHeader(string name, string value)
        {
            Assert.Equal("set-cookie", name);
            Cookie = value;
        }
    }
}
