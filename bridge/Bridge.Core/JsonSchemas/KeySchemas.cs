using System.Globalization;
using System.Text.Json.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Types of an object's keys, which are always text: as schemas of names, and as regular expressions.</summary>
internal sealed class KeySchemas(JsonSchemaWriter writer)
{
    private const string Anything = "^";

    /// <summary>The schema that a record's names must keep.</summary>
    /// <returns>Null where any name will do.</returns>
    public JsonObject? Schema(uint id)
    {
        var type = writer.TypeOf(id);
        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Primitive => OfPrimitive(type),
            TypeSchema.ShapeOneofCase.Literal => new JsonObject { ["const"] = Text(type.Literal) },
            TypeSchema.ShapeOneofCase.Union => OfUnion(type.Union),
            _ => null,
        };
    }

    /// <summary>A regular expression that finds something in the names of a type, and nothing in any other.</summary>
    /// <remarks>Formats have none here: any name will do for them.</remarks>
    public string Pattern(uint id)
    {
        var type = writer.TypeOf(id);
        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Primitive => PatternOf(type.Primitive, type.Rule),
            TypeSchema.ShapeOneofCase.Literal => $"^{UnicodePattern.Literal(Text(type.Literal))}$",
            TypeSchema.ShapeOneofCase.Union => Either(type.Union.Options.Select(Pattern)),
            _ => Anything,
        };
    }

    private static JsonObject? OfPrimitive(TypeSchema type) => type.Primitive switch
    {
        Primitive.String or Primitive.Any when type.Rule is null => null,
        Primitive.Date or Primitive.String or Primitive.Bytes => PrimitiveSchemas.Of(type.Primitive, type.Rule),
        _ => PatternOf(type.Primitive, type.Rule) is var pattern && pattern == Anything ? null : SchemaNodes.Typed("string", "pattern", pattern),
    };

    private JsonObject? OfUnion(UnionShape union)
    {
        var options = union.Options.Select(writer.TypeOf).ToList();
        if (options.TrueForAll(option => option.ShapeCase == TypeSchema.ShapeOneofCase.Literal))
        {
            return new JsonObject { ["enum"] = SchemaNodes.List(options.Select(option => Text(option.Literal)).Distinct(StringComparer.Ordinal)) };
        }

        var schemas = union.Options.Select(Schema).ToList();
        return schemas.Contains(null) ? null : SchemaNodes.AnyOf(schemas.OfType<JsonObject>());
    }

    private static string PatternOf(Primitive primitive, Rule? rule) => primitive switch
    {
        Primitive.String or Primitive.Any => rule is null ? Anything : PatternOf(rule),
        Primitive.Number => PrimitiveSchemas.NumberText,
        Primitive.Bigint => PrimitiveSchemas.BigIntText,
        Primitive.Decimal => PrimitiveSchemas.DecimalText,
        Primitive.Bytes => PrimitiveSchemas.Base64Text,
        Primitive.Boolean => "^(?:true|false)$",
        Primitive.Null => "^null$",
        _ => Anything,
    };

    private static string PatternOf(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => rule.All.Rules.Select(PatternOf).ToList() is [var only]
            ? only
            : "^" + string.Concat(rule.All.Rules.Select(part => $"(?=[\\s\\S]*(?:{PatternOf(part)}))")),
        Rule.RuleOneofCase.Any => Either(rule.Any.Rules.Select(PatternOf)),
        Rule.RuleOneofCase.MinLength => string.Create(CultureInfo.InvariantCulture, $"^[\\s\\S]{{{rule.MinLength},}}$"),
        Rule.RuleOneofCase.MaxLength => string.Create(CultureInfo.InvariantCulture, $"^[\\s\\S]{{0,{rule.MaxLength}}}$"),
        Rule.RuleOneofCase.StartsWith => "^" + UnicodePattern.Literal(rule.StartsWith),
        Rule.RuleOneofCase.EndsWith => UnicodePattern.Literal(rule.EndsWith) + "$",
        Rule.RuleOneofCase.Matches => UnicodePattern.From(rule.Matches),
        _ => Anything,
    };

    private static string Either(IEnumerable<string> patterns)
    {
        var distinct = patterns.Distinct(StringComparer.Ordinal).ToList();
        return distinct.Count == 1 ? distinct[0] : string.Join('|', distinct.Select(pattern => $"(?:{pattern})"));
    }

    private static string Text(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => literal.Text,
        Literal.ValueOneofCase.Number => literal.Number.ToString("R", CultureInfo.InvariantCulture),
        _ => literal.Boolean ? "true" : "false",
    };
}
