using System.Text.Json.Nodes;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Primitives and literals in the form they have on the wire.</summary>
internal static class PrimitiveSchemas
{
    /// <summary>A bigint's digits.</summary>
    public const string BigIntText = "^-?[0-9]+$";

    /// <summary>A decimal's digits.</summary>
    public const string DecimalText = "^[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$";

    /// <summary>Base64 (RFC 4648 section 4), padded or not.</summary>
    public const string Base64Text = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$";

    /// <summary>A number where only text can stand, such as an object's keys.</summary>
    public const string NumberText = "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$";

    /// <summary>The schema of a primitive.</summary>
    /// <param name="primitive">The primitive.</param>
    /// <param name="rule">What holds besides; or null.</param>
    public static JsonObject Of(Primitive primitive, Rule? rule) => primitive switch
    {
        Primitive.String => RuleKeywords.With(SchemaNodes.Typed("string"), rule, JsonKinds.Text),
        Primitive.Number => RuleKeywords.With(SchemaNodes.Typed("number"), rule, JsonKinds.Number),
        Primitive.Boolean => SchemaNodes.Typed("boolean"),
        Primitive.Null => SchemaNodes.Typed("null"),
        Primitive.Any => OfAny(rule),
        Primitive.Date => SchemaNodes.Typed("string", "format", "date-time"),
        Primitive.Bigint => TextOr("integer", BigIntText, rule),
        Primitive.Decimal => TextOr("number", DecimalText, rule),
        Primitive.Bytes => OfBytes(rule),
        _ => throw new SchemaException($"A type is of an unknown primitive, {primitive}."),
    };

    /// <summary>The schema of a literal.</summary>
    public static JsonObject Of(Literal literal) => SchemaNodes.Typed(TypeOf(literal), "const", ValueOf(literal));

    /// <summary>The JSON Schema type of a literal.</summary>
    public static string TypeOf(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => "string",
        Literal.ValueOneofCase.Number => "number",
        Literal.ValueOneofCase.Boolean => "boolean",
        _ => throw new SchemaException("A literal type has no value."),
    };

    /// <summary>A literal's value.</summary>
    public static JsonNode ValueOf(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => JsonValue.Create(literal.Text),
        Literal.ValueOneofCase.Number => JsonValue.Create(literal.Number),
        _ => JsonValue.Create(literal.Boolean),
    };

    private static JsonObject TextOr(string number, string pattern, Rule? rule) =>
        SchemaNodes.AnyOf([SchemaNodes.Typed("string", "pattern", pattern), RuleKeywords.With(SchemaNodes.Typed(number), rule, JsonKinds.Number)]);

    private static JsonObject OfBytes(Rule? rule)
    {
        var schema = new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["pattern"] = Base64Text };
        return RuleKeywords.With(schema, rule, JsonKinds.Text);
    }

    // A rule on a value of any kind holds for the kinds it speaks of, one by one.
    private static JsonObject OfAny(Rule? rule)
    {
        (string Type, JsonKinds Kind)[] kinds =
        [
            ("null", JsonKinds.Null), ("boolean", JsonKinds.Boolean), ("number", JsonKinds.Number), ("string", JsonKinds.Text),
            ("array", JsonKinds.Array), ("object", JsonKinds.Object),
        ];
        return rule is null ? [] : SchemaNodes.AnyOf(kinds.Select(kind => RuleKeywords.With(SchemaNodes.Typed(kind.Type), rule, kind.Kind)));
    }
}
