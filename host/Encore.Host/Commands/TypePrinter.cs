using System.Globalization;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

/// <summary>Writes a schema's types the way TypeScript would.</summary>
/// <param name="schema">The artifact; type ids are indexes into its types.</param>
internal sealed class TypePrinter(Application schema)
{
    private readonly HashSet<uint> _open = [];

    /// <summary>A type where it is used: its name, or its shape where it has none.</summary>
    public string Use(uint id)
    {
        var type = schema.Types_[(int)id];
        if (IsDefined(type))
        {
            return type.Name;
        }

        // A type without a name can't be referred to; one that holds itself would never end.
        if (!_open.Add(id))
        {
            return "…";
        }

        var text = Shape(type);
        _open.Remove(id);
        return text;
    }

    /// <summary>Whether a type is worth a definition of its own.</summary>
    public static bool IsDefined(TypeSchema type) =>
        type.Name.Length > 0
        && type.ShapeCase is not (TypeSchema.ShapeOneofCase.None or TypeSchema.ShapeOneofCase.Primitive or TypeSchema.ShapeOneofCase.Literal);

    /// <summary>A type's shape and rules, in one line.</summary>
    public string Shape(TypeSchema type)
    {
        var shape = ShapeOf(type);
        return type.Rule is null ? shape : $"{(type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? $"({shape})" : shape)} & {RulePrinter.Print(type.Rule)}";
    }

    /// <summary>An object's fields, such as <c>id: number</c>, with where they travel when that isn't plain.</summary>
    public IEnumerable<string> Fields(ObjectShape shape)
    {
        foreach (var field in shape.Fields)
        {
            var fallback = field.HasDefaultJson ? " = " + field.DefaultJson : "";
            yield return $"{field.Name}{(field.Optional ? "?" : "")}: {Wire(field.Wire, Use(field.Type))}{fallback}";
        }

        foreach (var pattern in shape.Patterns)
        {
            yield return $"[key: {Use(pattern.Key)}]: {Use(pattern.Value)}";
        }

        if (shape.HasAdditional)
        {
            yield return $"[key: string]: {Use(shape.Additional)}";
        }
    }

    private string ShapeOf(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Primitive => Name(type.Primitive, type.BytesClass),
        TypeSchema.ShapeOneofCase.Literal => Print(type.Literal),
        TypeSchema.ShapeOneofCase.Object => type.Object is { Fields.Count: 0, Patterns.Count: 0, HasAdditional: false } ? "{}" : "{ " + string.Join("; ", Fields(type.Object)) + " }",
        TypeSchema.ShapeOneofCase.Array => ArrayOf(Use(type.Array.Element)),
        TypeSchema.ShapeOneofCase.Record => $"Record<{(type.Record.HasKey ? Use(type.Record.Key) : "string")}, {Use(type.Record.Value)}>",
        TypeSchema.ShapeOneofCase.Union => string.Join(" | ", type.Union.Options.Select(Use)),
        TypeSchema.ShapeOneofCase.Tuple => $"[{string.Join(", ", Elements(type.Tuple))}]",
        TypeSchema.ShapeOneofCase.Set => $"Set<{Use(type.Set.Element)}>",
        TypeSchema.ShapeOneofCase.Map => $"Map<{Use(type.Map.Key)}, {Use(type.Map.Value)}>",
        _ => "unknown",
    };

    private IEnumerable<string> Elements(TupleShape tuple)
    {
        foreach (var element in tuple.Elements)
        {
            yield return Element(element);
        }

        if (tuple.HasRest)
        {
            yield return "..." + ArrayOf(Use(tuple.Rest));
        }

        foreach (var element in tuple.Trailing)
        {
            yield return Element(element);
        }
    }

    private string Element(TupleElement element)
    {
        var optional = element.Optional ? "?" : "";
        var type = Use(element.Type);
        return element.Label.Length > 0 ? $"{element.Label}{optional}: {type}"
            : optional.Length > 0 && type.Contains(' ', StringComparison.Ordinal) ? $"({type})?"
            : type + optional;
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

    private static string Name(Primitive primitive, BytesClass bytesClass) => primitive switch
    {
        Primitive.Bytes => bytesClass == BytesClass.Unspecified ? "Uint8Array" : bytesClass.ToString(),
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

    private static string Quote(string text) => RulePrinter.Quote(text);
}
