using System.Globalization;
using System.Text.Encodings.Web;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

/// <summary>Writes a schema's types the way TypeScript would.</summary>
/// <param name="schema">The artifact; type ids are indexes into its types.</param>
internal sealed class TypePrinter(Application schema)
{
    /// <summary>A type where it is used: its name, or its shape where it has none.</summary>
    public string Use(uint id) => schema.Types_[(int)id] is var type && type.Name.Length > 0 && IsDefined(type) ? type.Name + RuleOf(type) : Shape(type) + RuleOf(type);

    /// <summary>Whether a type is worth a definition of its own.</summary>
    public static bool IsDefined(TypeSchema type) =>
        type.Name.Length > 0 && type.ShapeCase is TypeSchema.ShapeOneofCase.Object or TypeSchema.ShapeOneofCase.Union;

    /// <summary>A type's shape, in one line but for objects' fields.</summary>
    public string Shape(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Primitive => Name(type.Primitive),
        TypeSchema.ShapeOneofCase.Literal => Print(type.Literal),
        TypeSchema.ShapeOneofCase.Object => "{ " + string.Join("; ", Fields(type.Object)) + " }",
        TypeSchema.ShapeOneofCase.Array => ArrayOf(Use(type.Array.Element)),
        TypeSchema.ShapeOneofCase.Record => $"Record<{(type.Record.HasKey ? Use(type.Record.Key) : "string")}, {Use(type.Record.Value)}>",
        TypeSchema.ShapeOneofCase.Union => string.Join(" | ", type.Union.Options.Select(Use)),
        _ => "unknown",
    };

    /// <summary>An object's fields, such as <c>id: number</c>, with where they travel when that isn't plain.</summary>
    public IEnumerable<string> Fields(ObjectShape shape)
    {
        foreach (var field in shape.Fields)
        {
            yield return $"{field.Name}{(field.Optional ? "?" : "")}: {Wire(field.Wire, Use(field.Type))}";
        }

        if (shape.HasAdditional)
        {
            yield return $"[key: string]: {Use(shape.Additional)}";
        }
    }

    private static string ArrayOf(string element) => element.Contains(' ', StringComparison.Ordinal) ? $"({element})[]" : element + "[]";

    private static string Wire(Wire? wire, string type) => wire?.Kind switch
    {
        WireKind.Header => $"Header<{type}, {Quote(wire.Name)}>",
        WireKind.Query => $"Query<{type}, {Quote(wire.Name)}>",
        WireKind.Cookie => $"Cookie<{type}, {Quote(wire.Name)}>",
        WireKind.HttpStatus => "HttpStatus",
        _ => type,
    };

    private static string Name(Primitive primitive) => primitive switch
    {
        Primitive.Bytes => "Uint8Array",
        Primitive.Date or Primitive.Decimal => primitive.ToString(),
        Primitive.Any => "any",
        _ => primitive.ToString().ToLowerInvariant(),
    };

    private static string Print(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => Quote(literal.Text),
        Literal.ValueOneofCase.Number => literal.Number.ToString("R", CultureInfo.InvariantCulture),
        _ => literal.Boolean ? "true" : "false",
    };

    private static string RuleOf(TypeSchema type) => type.Rule is null ? "" : " & " + Print(type.Rule);

    private static string Print(Rule rule) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => Join(rule.All, " & "),
        Rule.RuleOneofCase.Any => Join(rule.Any, " | "),
        Rule.RuleOneofCase.Min => Call("Min", rule.Min),
        Rule.RuleOneofCase.Max => Call("Max", rule.Max),
        Rule.RuleOneofCase.MinLength => Call("MinLen", rule.MinLength),
        Rule.RuleOneofCase.MaxLength => Call("MaxLen", rule.MaxLength),
        Rule.RuleOneofCase.StartsWith => $"StartsWith<{Quote(rule.StartsWith)}>",
        Rule.RuleOneofCase.EndsWith => $"EndsWith<{Quote(rule.EndsWith)}>",
        Rule.RuleOneofCase.Matches => $"MatchesRegexp<{Quote(rule.Matches)}>",
        Rule.RuleOneofCase.Is => rule.Is == Format.Email ? "IsEmail" : "IsURL",
        _ => "?",
    };

    private static string Join(RuleList list, string operation) => "(" + string.Join(operation, list.Rules.Select(Print)) + ")";

    private static string Call(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}<{value:R}>");

    private static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";
}
