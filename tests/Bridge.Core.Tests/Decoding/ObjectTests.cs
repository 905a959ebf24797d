using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class ObjectTests
{
    [Fact]
    public void Decode_UndeclaredFields_AreDroppedAtEveryDepth()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("a", schema.Object(Optional("b", schema.Number))),
            Field("list", schema.ArrayOf(schema.Object(Optional("c", schema.Text))))));

        var json = harness.AcceptBody(
            """{"x":{"deep":[1,{"y":2}]},"a":{"x":1,"b":2,"z":[]},"list":[{"c":"1","d":2},{"d":3}],"last":"x"}""");

        Assert.Equal("""{"a":{"b":2},"list":[{"c":"1"},{}]}""", json);
    }

    [Fact]
    public void Decode_AnyOrderOfFields_IsAccepted()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("a", schema.Number), Field("b", schema.Number), Optional("c", schema.Number), Field("d", schema.Number)));

        Assert.Equal("""{"d":4,"b":2,"a":1}""", harness.AcceptBody("""{"d":4,"b":2,"a":1}"""));
        Assert.Equal("""{"a":1,"b":2,"d":4}""", harness.AcceptBody("""{"a":1,"b":2,"d":4}"""));
    }

    [Theory]
    [InlineData("{\"\\u0061\":1}")]
    [InlineData("{\"a\":1}")]
    public void Decode_EscapedName_MatchesTheDeclaredOne(string body) =>
        Assert.Equal("{\"a\":1}", DecodeHarness.Body(schema => schema.Object(Field("a", schema.Number))).AcceptBody(body));

    [Theory]
    [InlineData("a b")]
    [InlineData("quo\"te")]
    [InlineData("back\\slash")]
    [InlineData("tab\t")]
    [InlineData("é😀")]
    [InlineData("\u2028")]
    [InlineData("")]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("a.b/c~d")]
    public void Decode_UnusualFieldName_IsFoundInEveryNotation(string name)
    {
        var harness = DecodeHarness.Body(schema => schema.Object(Field(name, schema.Number)));
        var escaped = string.Concat(name.Select(unit => $"\\u{(int)unit:x4}"));

        foreach (var body in new[] { $"{{\"{escaped}\":1}}", $"{{{System.Text.Json.JsonSerializer.Serialize(name)}:1}}" })
        {
            var parsed = System.Text.Json.JsonDocument.Parse(harness.AcceptBody(body)).RootElement;
            Assert.Equal(1, parsed.GetProperty(name).GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "/a")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a")]
    [InlineData("""{"a":1,"x":1,"x":2}""", "/x")]
    [InlineData("""{"a":1,"x":{"y":1,"y":2}}""", "/y")]
    [InlineData("""{"a":1,"x":[{"y":1,"\u0079":2}]}""", "/y")]
    [InlineData("""{"a":1,"any":{"y":{"z":1},"y":2}}""", "/any/y")]
    [InlineData("""{"a":1,"record":{"k":1,"k":2}}""", "/record/k")]
    [InlineData("""{"a":1,"__proto__":1,"__proto__":2}""", "/__proto__")]
    public void Decode_DuplicateName_IsAnError(string body, string path)
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("a", schema.Number), Optional("any", schema.Any), Optional("record", schema.RecordOf(schema.Number))));

        var violation = Assert.Single(harness.RejectBody(body).Violations);

        Assert.Equal("duplicate", violation.Rule);
        Assert.Equal(path, violation.Path);
        Assert.StartsWith("duplicate field ", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SameNameInDifferentObjects_IsNoDuplicate()
    {
        var harness = DecodeHarness.Body(schema => schema.RecordOf(schema.Any));
        const string Body = """{"a":{"a":{"a":1},"b":[{"a":1},{"a":2}]},"b":{"a":1,"b":2},"c":{"a":1}}""";

        Assert.Equal(Body, harness.AcceptBody(Body));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void Decode_ManyUndeclaredNames_FindsTheOneDuplicate(int count)
    {
        var harness = DecodeHarness.Body(schema => schema.RecordOf(schema.Any));
        var members = Enumerable.Range(0, count).Select(index => $"\"key{index}\":{{\"key{index}\":1,\"x\":2}}").ToList();

        Assert.NotNull(harness.AcceptBody($"{{{string.Join(',', members)}}}"));
        foreach (var repeated in new[] { 0, count / 2, count - 1 })
        {
            var failure = harness.RejectBody($"{{{string.Join(',', members)},\"key{repeated}\":1}}");
            Assert.Equal($"/key{repeated}", Assert.Single(failure.Violations).Path);
        }
    }

    [Fact]
    public void Decode_MissingFields_AreAllNamed()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("a", schema.Number), Field("b", schema.Number), Field("c", schema.Object(Field("d", schema.Text)))));

        var failure = harness.RejectBody("""{"c":{}}""");

        Assert.Equal("unable to decode request body: c: missing field d", failure.Message);
        Assert.Equal(["/c/d", "/a", "/b"], failure.Violations.Select(violation => violation.Path));
        Assert.All(failure.Violations, violation => Assert.Equal("required", violation.Rule));
        Assert.Equal("unable to decode request body: missing fields `a`, `b`, and `c`", harness.RejectBody("{}").Message);
        Assert.Equal(
            "unable to decode request body: missing fields `a` and `b`", harness.RejectBody("""{"c":{"d":""}}""").Message);
    }

    [Fact]
    public void Decode_NullForAnOptionalField_IsAnErrorUnlessTheTypeHasNull()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Optional("a", schema.Number), Optional("b", schema.Nullable(schema.Number))));

        Assert.Equal("""{"b":null}""", harness.AcceptBody("""{"b":null}"""));
        Assert.Equal(
            "unable to decode request body: a: invalid type: null, expected a number", harness.RejectBody("""{"a":null}""").Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}")]
    public void Decode_NoBody_IsAnEmptyObjectWhereNothingIsRequired(string body) =>
        Assert.Equal("{}", DecodeHarness.Body(schema => schema.Object(Optional("a", schema.Number))).AcceptBody(body));

    [Theory]
    [InlineData("[]", "sequence")]
    [InlineData("null", "null")]
    [InlineData("1", "integer `1`")]
    [InlineData("1.5", "floating point `1.5`")]
    [InlineData("true", "boolean `true`")]
    [InlineData("\"x\"", "string \"x\"")]
    public void Decode_BodyThatIsNoObject_IsATypeViolation(string body, string found)
    {
        var failure = DecodeHarness.Body(schema => schema.Object(Optional("a", schema.Number))).RejectBody(body);

        Assert.Equal($"unable to decode request body: invalid type: {found}, expected a JSON object", failure.Message);
        Assert.Equal("", Assert.Single(failure.Violations).Path);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(1000)]
    public void Decode_WideObject_ChecksEveryField(int count)
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var number = schema.Number;
            var inner = schema.Object([.. Enumerable.Range(0, 70).Select(index => Optional($"g{index}", number))]);
            return schema.Object([.. Enumerable.Range(0, count).Select(index => Field($"f{index}", index == 0 ? inner : number))]);
        });
        var members = Enumerable.Range(0, count).Select(index => $"\"f{index}\":{(index == 0 ? "{\"g69\":1,\"g3\":2}" : "1")}").ToArray();

        Assert.Equal($"{{{string.Join(',', members)}}}", harness.AcceptBody($"{{{string.Join(", ", members)}}}"));
        Assert.NotNull(harness.AcceptBody($"{{{string.Join(',', members.Reverse())}}}"));
        foreach (var left in new[] { 0, count / 2, count - 1 })
        {
            var failure = harness.RejectBody($"{{{string.Join(',', members.Where((_, index) => index != left))}}}");
            Assert.Equal($"/f{left}", Assert.Single(failure.Violations).Path);
        }

        var repeated = harness.RejectBody($"{{{string.Join(',', members)},\"f{count - 1}\":1}}");
        Assert.Equal("duplicate", Assert.Single(repeated.Violations).Rule);
    }

    [Fact]
    public void Decode_IndexSignatureBesideFields_KeepsAll()
    {
        var harness = DecodeHarness.Body(schema => schema.OpenObject(schema.Number, Field("name", schema.Text)));

        Assert.Equal("""{"x":1,"name":"n","y z":2}""", harness.AcceptBody("""{"x":1,"name":"n","y\u0020z":2}"""));
        Assert.Equal("unable to decode request body: x: invalid type: string \"1\", expected a number", harness.RejectBody("""{"x":"1","name":"n"}""").Message);
    }

    [Fact]
    public void Decode_Record_ChecksKeysAndValues()
    {
        var harness = DecodeHarness.Value(schema => schema.RecordOf(schema.Number, schema.Ruled(schema.Text, new Schema.Rule { StartsWith = "k" })));

        Assert.Equal("""{"k1":1,"k2":2}""", harness.Accept("""{"k1":1,"k2":2}"""));
        Assert.Equal("{}", harness.Accept("{}"));
        Assert.Equal("key", harness.Reject("""{"x":1}""").Rule);
        Assert.Equal("type", harness.Reject("""{"k":"1"}""").Rule);
    }

    [Fact]
    public void Decode_ProtoKey_IsAnOrdinaryKey()
    {
        Assert.Equal("""{"__proto__":{"admin":true}}""", DecodeHarness.Value(schema => schema.Any).Accept("""{"__proto__":{"admin":true}}"""));
        Assert.Equal("{}", DecodeHarness.Body(schema => schema.Object(Optional("a", schema.Any))).AcceptBody("""{"__proto__":{"admin":true}}"""));
    }

    [Fact]
    public void Decode_RecursiveType_FollowsTheValue()
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var number = schema.Number;
            return schema.Recursive(self => new Schema.TypeSchema
            {
                Object = Shape(Field("n", number), Optional("next", self), Optional("all", schema.ArrayOf(self))),
            });
        });

        const string Body = """{"n":1,"next":{"n":2,"next":{"n":3}},"all":[{"n":4,"all":[]}]}""";
        Assert.Equal(Body, harness.AcceptBody(Body));
        Assert.Equal(
            "unable to decode request body: next.all[1].n: invalid type: boolean `true`, expected a number",
            harness.RejectBody("""{"n":1,"next":{"n":1,"all":[{"n":1},{"n":true}]}}""").Message);
        var deep = string.Concat(Enumerable.Repeat("{\"n\":1,\"next\":", 200)) + "1" + new string('}', 200);
        Assert.Contains("recursion limit exceeded", harness.RejectBody(deep).Violations[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ManyViolations_StopsAtTheLimit()
    {
        var failure = DecodeHarness.Value(schema => schema.ArrayOf(schema.Number))
            .RejectBody($"{{\"v\":[{string.Join(',', Enumerable.Repeat("true", 500))}]}}");

        Assert.Equal(100, failure.Violations.Count);
        Assert.Equal("/v/99", failure.Violations[^1].Path);
    }

    [Fact]
    public void Decode_JsonPointer_EscapesNames()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(Field("a/b~c", schema.Number)));

        Assert.Equal("/a~1b~0c", Assert.Single(harness.RejectBody("""{"a/b~c":""}""").Violations).Path);
    }

    [Fact]
    public void Decode_SensitiveEndpoint_ShowsNoValues()
    {
        var harness = DecodeHarness.Body(
            schema => schema.Object(
                Field("a", schema.Number),
                Field("b", schema.Literal("x")),
                Field("c", schema.Ruled(schema.Number, new Schema.Rule { Min = 5 }))),
            sensitive: true);

        var failure = harness.RejectBody("""{"a":"hunter2","b":"hunter2","c":3}""");

        Assert.Equal(
            ["invalid type: string, expected a number", "expected \"x\"", "value must be at least 5"],
            failure.Violations.Select(violation => violation.Message));
    }

    [Fact]
    public void Decode_LongValue_IsShortenedInMessages()
    {
        var violation = DecodeHarness.Value(schema => schema.Number).Reject($"\"{new string('x', 10_000)}\"");

        Assert.InRange(violation.Message.Length, 50, 200);
    }
}
