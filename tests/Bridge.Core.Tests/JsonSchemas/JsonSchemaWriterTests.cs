using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Decoding;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.JsonSchemas;

public sealed class JsonSchemaWriterTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SchemaBuilder _schema = new();

    [Fact]
    public void Document_Primitives_AreAsOnTheWire()
    {
        AssertSchema("""{"type":"string"}""", _schema.Text);
        AssertSchema("""{"type":"number"}""", _schema.Number);
        AssertSchema("""{"type":"boolean"}""", _schema.Boolean);
        AssertSchema("""{"type":"null"}""", _schema.Null);
        AssertSchema("{}", _schema.Any);
        AssertSchema("""{"type":"string","format":"date-time"}""", _schema.Date);
        AssertSchema("""{"anyOf":[{"type":"string","pattern":"^-?[0-9]+$"},{"type":"integer"}]}""", _schema.BigInt);
        Assert.Contains("""{"type":"number"}""", Body(_schema.Decimal), StringComparison.Ordinal);
        Assert.StartsWith("""{"type":"string","contentEncoding":"base64","pattern":""", Body(_schema.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Document_AnySchema_NamesTheDialect() =>
        Assert.Equal(
            """{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"string"}""",
            JsonSchemaWriter.Document(_schema.Application, _schema.Text).ToJsonString());

    [Fact]
    public void Document_Object_ForbidsNoUnknownFields()
    {
        var type = _schema.Object(Field("a", _schema.Text), Optional("b", _schema.Number));
        _schema.Application.Types_[(int)type].Object.Fields[1].DefaultJson = "5";
        _schema.Application.Types_[(int)type].Object.Fields[0].Doc = "First.";

        AssertSchema("""{"type":"object","properties":{"a":{"type":"string","description":"First."},"b":{"type":"number","default":5}},"required":["a"]}""", type);
    }

    [Fact]
    public void Document_Patterns_AreTriedInOrderAfterTheFields()
    {
        var type = _schema.OpenObject(_schema.Boolean, Optional("x-a", _schema.Null));
        var shape = _schema.Application.Types_[(int)type].Object;
        shape.Patterns.Add(new PatternFields { Key = Matching("^x-"), Value = _schema.Number });
        shape.Patterns.Add(new PatternFields { Key = Matching("_id$"), Value = _schema.Text });

        AssertSchema(
            """{"type":"object","properties":{"x-a":{"type":"null"}},"patternProperties":{"^(?!(?:x-a)$)(?=[\\s\\S]*(?:^x-))":{"type":"number"},"^(?![\\s\\S]*(?:^x-))(?=[\\s\\S]*(?:_id$))":{"type":"string"}},"additionalProperties":{"type":"boolean"}}""",
            type);
    }

    [Fact]
    public void Document_Record_ChecksItsNames()
    {
        AssertSchema("""{"type":"object","additionalProperties":{"type":"number"}}""", _schema.RecordOf(_schema.Number));
        AssertSchema("""{"type":"object","propertyNames":{"enum":["a","b"]},"additionalProperties":{}}""", _schema.RecordOf(_schema.Any, _schema.Enum("a", "b")));
        AssertSchema("""{"type":"object","propertyNames":{"type":"string","pattern":"^x-"},"additionalProperties":{}}""", _schema.RecordOf(_schema.Any, Matching("^x-")));
    }

    [Fact]
    public void Document_Tuples_CountTheirElements()
    {
        var (text, number) = (_schema.Text, _schema.Number);

        AssertSchema("""{"type":"array","maxItems":0}""", Tuple(new TupleShape()));
        AssertSchema(
            """{"type":"array","prefixItems":[{"type":"string","title":"from"},{"type":"number"}],"items":false,"minItems":1}""",
            Tuple(new TupleShape { Elements = { new TupleElement { Type = text, Label = "from" }, new TupleElement { Type = number, Optional = true } } }));
        AssertSchema("""{"type":"array","items":{"type":"number"}}""", Tuple(new TupleShape { Rest = number }));
        AssertSchema(
            """{"type":"array","items":{"anyOf":[{"type":"number"},{"type":"string"}]},"minItems":1,"allOf":[{"contains":{"type":"string"}}]}""",
            Tuple(new TupleShape { Rest = number, Trailing = { new TupleElement { Type = text } } }));
        AssertSchema(
            """{"type":"array","items":{"type":"number"},"minItems":2}""",
            Tuple(new TupleShape { Rest = number, Trailing = { new TupleElement { Type = number }, new TupleElement { Type = number } } }));
    }

    [Fact]
    public void Document_SetsAndMaps_AreArrays()
    {
        AssertSchema("""{"type":"array","items":{"type":"number"},"uniqueItems":true}""", Add(new TypeSchema { Set = new SetShape { Element = _schema.Number } }));
        AssertSchema(
            """{"type":"array","items":{"type":"array","prefixItems":[{"type":"string"},{}],"items":false,"minItems":2},"uniqueItems":true}""",
            Add(new TypeSchema { Map = new MapShape { Key = _schema.Text, Value = _schema.Any } }));
    }

    [Fact]
    public void Document_Unions_GatherLiterals()
    {
        AssertSchema("""{"type":"string","enum":["a","b"]}""", _schema.Enum("a", "b"));
        AssertSchema("""{"type":"boolean"}""", _schema.Union(_schema.Literal(true), _schema.Literal(false)));
        AssertSchema(
            """{"anyOf":[{"type":"string","enum":["a","b"]},{"type":"number"},{"type":"null"}]}""",
            _schema.Union(_schema.Literal("a"), _schema.Number, _schema.Literal("b"), _schema.Null));
        AssertSchema(
            """{"anyOf":[{"type":"string","minLength":2},{"type":"array","items":{},"minItems":2},{"type":"number"}]}""",
            _schema.Ruled(_schema.Union(_schema.Text, _schema.ArrayOf(_schema.Any), _schema.Number), new Rule { MinLength = 2 }));
    }

    [Fact]
    public void Document_Rules_AreKeywords()
    {
        AssertRule("""{"type":"string","minLength":1,"maxLength":3}""", _schema.Text, All(new Rule { MinLength = 1 }, new Rule { MaxLength = 3 }));
        AssertRule("""{"type":"string","pattern":"^a\\."}""", _schema.Text, new Rule { StartsWith = "a." });
        AssertRule("""{"type":"string","pattern":"^a","allOf":[{"pattern":"z$"}]}""", _schema.Text, All(new Rule { StartsWith = "a" }, new Rule { EndsWith = "z" }));
        AssertRule("""{"type":"string","anyOf":[{"format":"email"},{"format":"uri"}]}""", _schema.Text, AnyOf(new Rule { Is = Format.Email }, new Rule { Is = Format.Url }));
        AssertRule("""{"type":"string","anyOf":[{"format":"ipv4"},{"format":"ipv6"}]}""", _schema.Text, new Rule { Is = Format.Ip });
        AssertRule("""{"type":"integer","minimum":1}""", _schema.Number, All(new Rule { Integer = true }, new Rule { Min = 1 }));
        AssertRule("""{"type":"number","exclusiveMaximum":0.5,"multipleOf":0.1}""", _schema.Number, All(new Rule { Upper = new Bound { Number = 0.5, Exclusive = true } }, new Rule { MultipleOf = 0.1 }));
        AssertRule("""{"type":"array","items":{},"uniqueItems":true,"minItems":2}""", _schema.ArrayOf(_schema.Any), All(new Rule { UniqueItems = true }, new Rule { MinLength = 2 }));

        // One of them holds for every number: together they ask nothing of one.
        AssertRule("""{"type":"number"}""", _schema.Number, AnyOf(new Rule { Min = 1 }, new Rule { MinLength = 2 }));
    }

    [Fact]
    public void Document_BoundsThatAreText_KeepEveryDigitAndAreDescribed()
    {
        var bound = new Rule { Lower = new Bound { Text = "9007199254740993" } };
        AssertRule(
            """{"anyOf":[{"type":"string","pattern":"^-?[0-9]+$"},{"type":"integer","minimum":9007199254740993}],"description":"At least 9007199254740993."}""",
            _schema.BigInt,
            bound);
        AssertRule(
            """{"type":"string","format":"date-time","description":"Before 2030-01-01T00:00:00Z."}""",
            _schema.Date,
            new Rule { Upper = new Bound { Text = "2030-01-01T00:00:00Z", Exclusive = true } });
    }

    [Theory]
    [InlineData("^\\d{2,}[\\w-]\\p{L}\\u{61}\\/$", "^\\d{2,}[\\w-]\\p{L}\\u{61}\\/$")]
    [InlineData("\\-\\_\\@", "-_@")]
    [InlineData("[\\-\\_]", "[\\-_]")]
    [InlineData("a{,3}]}", "a\\{,3\\}\\]\\}")]
    [InlineData("(?<n>a)\\k<n>", "(?<n>a)\\k<n>")]
    public void Document_RegularExpression_IsOneUnderFlagU(string pattern, string expected) =>
        Assert.Equal(expected, JsonSchemaWriter.Document(_schema.Application, Matching(pattern))["pattern"]?.GetValue<string>());

    [Fact]
    public void Document_RecursiveTypes_AreDefinitions()
    {
        var tree = _schema.Recursive(self => new TypeSchema { Name = "Tree<number>", Object = Shape(Optional("children", _schema.ArrayOf(self))) });
        AssertSchema("""{"$ref":"#/$defs/Tree_number","$defs":{"Tree_number":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree_number"}}}}}}""", tree);

        var nameless = _schema.Recursive(self => new TypeSchema { Array = new ArrayShape { Element = self } });
        AssertSchema("""{"$ref":"#/$defs/Recursive","$defs":{"Recursive":{"type":"array","items":{"$ref":"#/$defs/Recursive"}}}}""", nameless);
    }

    [Fact]
    public void Document_TypesByOneName_SayWhereTheyComeFrom()
    {
        _schema.Application.Files.AddRange(["orders/item.ts", "stock/item.ts"]);
        var one = Named("Item", file: 0);
        var other = Named("Item", file: 1);

        var schema = JsonSchemaWriter.Document(_schema.Application, _schema.Object(Field("a", one), Field("b", other)));

        Assert.Equal(["orders_item.Item", "stock_item.Item"], schema["$defs"]!.AsObject().Select(definition => definition.Key));
    }

    [Fact]
    public void Use_TaggedUnionInOpenApi_HasADiscriminator()
    {
        var circle = Named("Circle", 0, Field("kind", _schema.Literal("circle")));
        var square = Named("Square", 0, Field("kind", _schema.Enum("square", "rectangle")));
        var writer = new JsonSchemaWriter(_schema.Application, JsonSchemaStyle.OpenApi);

        Assert.Equal(
            """{"anyOf":[{"oneOf":[{"$ref":"#/components/schemas/Circle"},{"$ref":"#/components/schemas/Square"}],"discriminator":{"propertyName":"kind","mapping":{"circle":"#/components/schemas/Circle","square":"#/components/schemas/Square","rectangle":"#/components/schemas/Square"}}},{"type":"null"}]}""",
            writer.Use(_schema.Union(circle, square, _schema.Null)).ToJsonString());
        Assert.Equal(["Circle", "Square"], writer.Definitions.Keys);
    }

    [Fact]
    public void Document_DamagedArtifact_IsRefused()
    {
        Assert.Throws<SchemaException>(() => JsonSchemaWriter.Document(_schema.Application, 99));
        Assert.Throws<SchemaException>(() => JsonSchemaWriter.Document(_schema.Application, Add(new TypeSchema())));
    }

    private uint Matching(string pattern) => _schema.Ruled(_schema.Text, new Rule { Matches = pattern });

    private uint Named(string name, uint file, params FieldSpec[] fields) =>
        Add(new TypeSchema { Name = name, Position = new SourcePosition { File = file, Line = 1, Column = 1 }, Object = Shape(fields) });

    private uint Tuple(TupleShape shape) => Add(new TypeSchema { Tuple = shape });

    private uint Add(TypeSchema type) => _schema.Recursive(_ => type);

    private void AssertRule(string expected, uint type, Rule rule) => AssertSchema(expected, _schema.Ruled(type, rule));

    private void AssertSchema(string expected, uint type) => Assert.Equal(expected, Body(type));

    private string Body(uint type)
    {
        var document = JsonSchemaWriter.Document(_schema.Application, type);
        document.Remove("$schema");
        return document.ToJsonString(Relaxed);
    }
}
