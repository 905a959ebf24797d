using System.Text;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class JsonSyntaxTests
{
    private readonly DecodeHarness _any = DecodeHarness.Value(schema => schema.Any);
    private readonly DecodeHarness _empty = DecodeHarness.Body(schema => schema.Object(Optional("v", schema.Any)));

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-1.5e+10")]
    [InlineData("1E-2")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1e-999")]
    [InlineData("\"\"")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"")]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("\"héllo 😀 \u007f\u2028\"")]
    [InlineData("[]")]
    [InlineData("[[],[1,\"x\",{}]]")]
    [InlineData("{\"a\":{\"b\":[{\"c\":null}]}}")]
    [InlineData("{\"\":1}")]
    public void Decode_ValidJson_PassesThrough(string json) => Assert.Equal(json, _any.Accept(json));

    [Theory]
    [InlineData(" \t\r\n{ \n\"v\"\t: \r1 } \n", "1")]
    [InlineData("{\"v\":[ 1 ,\n2 ]}", "[ 1 ,\n2 ]")]
    public void Decode_Whitespace_IsAllowedBetweenTokens(string body, string value) =>
        Assert.Equal($"{{\"v\":{value}}}", _any.AcceptBody(body));

    [Theory]
    [InlineData("", "EOF while parsing a value")]
    [InlineData("   ", "EOF while parsing a value")]
    [InlineData("{", "EOF while parsing an object")]
    [InlineData("{\"v\"", "EOF while parsing an object")]
    [InlineData("{\"v\":", "EOF while parsing a value")]
    [InlineData("{\"v\":1", "EOF while parsing an object")]
    [InlineData("{\"v\":1,", "EOF while parsing an object")]
    [InlineData("{\"v\":1,}", "trailing comma")]
    [InlineData("{\"v\":[1,]}", "trailing comma")]
    [InlineData("{\"v\":[1", "EOF while parsing a list")]
    [InlineData("{\"v\":[1 2]}", "expected `,` or `]`")]
    [InlineData("{\"v\":1 \"w\":2}", "expected `,` or `}`")]
    [InlineData("{\"v\" 1}", "expected `:`")]
    [InlineData("{v:1}", "key must be a string")]
    [InlineData("{'v':1}", "key must be a string")]
    [InlineData("{1:1}", "key must be a string")]
    [InlineData("{\"v\":}", "expected value")]
    [InlineData("{\"v\":,}", "expected value")]
    [InlineData("{\"v\":undefined}", "expected value")]
    [InlineData("{\"v\":NaN}", "expected value")]
    [InlineData("{\"v\":+1}", "expected value")]
    [InlineData("{\"v\":.5}", "expected value")]
    [InlineData("{\"v\":nul}", "expected ident")]
    [InlineData("{\"v\":tru", "EOF while parsing a value")]
    [InlineData("{\"v\":True}", "expected value")]
    [InlineData("{\"v\":01}", "invalid number")]
    [InlineData("{\"v\":-}", "invalid number")]
    [InlineData("{\"v\":-01}", "invalid number")]
    [InlineData("{\"v\":1.}", "invalid number")]
    [InlineData("{\"v\":1.e5}", "invalid number")]
    [InlineData("{\"v\":1e}", "invalid number")]
    [InlineData("{\"v\":1e+}", "invalid number")]
    [InlineData("{\"v\":0x10}", "expected `,` or `}`")]
    [InlineData("{\"v\":1_000}", "expected `,` or `}`")]
    [InlineData("{\"v\":1e999}", "number out of range")]
    [InlineData("{\"v\":-1e999}", "number out of range")]
    [InlineData("{\"v\":\"abc}", "EOF while parsing a string")]
    [InlineData("{\"v\":\"a\\", "EOF while parsing a string")]
    [InlineData("{\"v\":\"a\\u12", "EOF while parsing a string")]
    [InlineData("{\"v\":\"\\x41\"}", "invalid escape")]
    [InlineData("{\"v\":\"\\u12G4\"}", "invalid escape")]
    [InlineData("{\"v\":\"\\u-123\"}", "invalid escape")]
    [InlineData("{\"v\":\"\\'\"}", "invalid escape")]
    [InlineData("{\"v\":\"a\nb\"}", "control character (\\u0000-\\u001F) found while parsing a string")]
    [InlineData("{\"v\":\"a\0b\"}", "control character (\\u0000-\\u001F) found while parsing a string")]
    [InlineData("{\"v\":\"\\ud83d\"}", "lone surrogate in hex escape")]
    [InlineData("{\"v\":\"\\ude00\"}", "lone surrogate in hex escape")]
    [InlineData("{\"v\":\"\\ud83d\\u0041\"}", "lone surrogate in hex escape")]
    [InlineData("{\"v\":\"\\ud83dx\"}", "lone surrogate in hex escape")]
    [InlineData("{\"v\":\"\\ude00\\ud83d\"}", "lone surrogate in hex escape")]
    [InlineData("{\"v\":1}}", "trailing characters")]
    [InlineData("{\"v\":1} x", "trailing characters")]
    [InlineData("{\"v\":1}{}", "trailing characters")]
    [InlineData("{\"v\":1}//", "trailing characters")]
    [InlineData("{/**/\"v\":1}", "key must be a string")]
    [InlineData("{\"v\":1\u00a0}", "expected `,` or `}`")]
    [InlineData("\ufeff{\"v\":1}", "expected value")]
    public void Decode_BrokenJson_IsASyntaxViolation(string body, string reason)
    {
        var failure = _any.RejectBody(body);

        var violation = failure.Violations[^1];
        Assert.Equal("syntax", violation.Rule);
        Assert.StartsWith(reason + " at line ", violation.Message, StringComparison.Ordinal);
        Assert.StartsWith("unable to decode request body: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SyntaxError_NamesLineAndColumn() =>
        Assert.Equal(
            "unable to decode request body: v: invalid number at line 2 column 6",
            _any.RejectBody("{\"w\":1,\n\"v\":01}").Message);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Decode_InvalidUtf8_IsRefusedWhereverItStands(byte[] invalid)
    {
        foreach (var (before, after) in new[] { ("{\"v\":\"", "\"}"), ("{\"", "\":1,\"v\":1}"), ("{\"v\":1,\"dropped\":\"", "\"}"), ("{\"v\":1}", "") })
        {
            byte[] body = [.. Encoding.UTF8.GetBytes(before), .. invalid, .. Encoding.UTF8.GetBytes(after)];
            var (_, failure) = _any.Decode(body);

            Assert.NotNull(failure);
            Assert.Equal(
                $"unable to decode request body: invalid unicode code point at line 1 column {before.Length + 1}", failure.Message);
        }
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Decode_NestingToTheLimit_IsAllowedAndNoDeeper(char open, char close)
    {
        // The body itself is the first level.
        Assert.NotNull(_any.AcceptBody($"{{\"v\":{Nested(127)}}}"));
        Assert.Contains("recursion limit exceeded", _any.RejectBody($"{{\"v\":{Nested(128)}}}").Message, StringComparison.Ordinal);
        Assert.Contains("recursion limit exceeded", _empty.RejectBody($"{{\"dropped\":{Nested(100_000)}}}").Message, StringComparison.Ordinal);

        string Nested(int depth)
        {
            var opening = open == '[' ? "[" : "{\"a\":";
            return string.Concat(Enumerable.Repeat(opening, depth)) + "1" + new string(close, depth);
        }
    }

    [Fact]
    public void Decode_UnclosedDepthBomb_IsRefused() =>
        Assert.Contains("recursion limit exceeded", _any.RejectBody("{\"v\":" + new string('[', 1_000_000)).Message, StringComparison.Ordinal);

    [Fact]
    public void Decode_VeryLongNumber_PassesWhereADoubleHoldsIt()
    {
        Assert.NotNull(_any.Accept("0." + new string('1', 100_000)));
        Assert.NotNull(_any.Accept(new string('1', 308)));
        Assert.Equal("number out of range at line 1 column 315", _any.Reject(new string('9', 309)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public void Decode_SpecialByteAtAnyOffset_IsFound(int offset)
    {
        var filler = new string('x', offset);
        Assert.Equal($"\"{filler}\\n\"", _any.Accept($"\"{filler}\\n\""));
        Assert.Equal("syntax", _any.Reject($"\"{filler}\u001f\"").Rule);
        Assert.Equal($"\"{filler}\u0020\"", _any.Accept($"\"{filler}\u0020\""));
    }
}
