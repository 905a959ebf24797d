using System.Text;
using System.Text.Json;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Values;

/// <summary>Writes parameters as the texts that PostgreSQL's types read.</summary>
internal static class OperandText
{
    /// <summary>Writes a parameter.</summary>
    /// <param name="operand">The parameter.</param>
    /// <param name="type">Its type; null where that makes no difference.</param>
    /// <returns>null for NULL.</returns>
    internal static string? Format(Operand operand, PgType? type) => operand.Kind switch
    {
        OperandKind.Null => null,
        OperandKind.Bytes => "\\x" + Convert.ToHexStringLower(operand.Bytes.Span),
        OperandKind.List => FormatList(operand, type),
        OperandKind.Object => FormatObject(operand, type),
        _ => operand.Value,
    };

    private static string FormatList(Operand list, PgType? type)
    {
        var items = list.Items ?? [];
        return type switch
        {
            ScalarType { Format: ScalarFormat.Json or ScalarFormat.Vector } => OperandJson.Format(list),
            ArrayType array => FormatArray(items, array.Element, array.Delimiter),
            MultirangeType multirange => "{" + string.Join(',', items.Select(item => Format(item, multirange.Range))) + "}",
            CompositeType composite => FormatComposite(composite, items),
            _ => FormatArray(items, null, (byte)','),
        };
    }

    private static string FormatObject(Operand value, PgType? type) => type switch
    {
        ScalarType { Format: ScalarFormat.Hstore } => FormatHstore(value.Json),
        CompositeType composite => FormatComposite(composite, [.. composite.Fields.Select(field => Property(value.Json, field.Name))]),
        RangeType range => FormatRange(value.Json, range),
        _ => value.Value,
    };

    // A list within a list is a further dimension, unless elements have lists as values: an array of composites, or of json.
    private static string FormatArray(IReadOnlyList<Operand> items, PgType? element, byte delimiter)
    {
        var text = new StringBuilder("{");
        foreach (var item in items)
        {
            if (text.Length > 1)
            {
                text.Append((char)delimiter);
            }

            if (item.Kind == OperandKind.List && HasDimensions(element))
            {
                text.Append(FormatArray(item.Items ?? [], element, delimiter));
            }
            else
            {
                text.Append(Quoted(item, element));
            }
        }

        return text.Append('}').ToString();
    }

    private static bool HasDimensions(PgType? element) =>
        element is null or RangeType or ScalarType { Format: not (ScalarFormat.Json or ScalarFormat.Vector) };

    private static string Quoted(Operand item, PgType? element) =>
        item.Kind == OperandKind.Literal ? item.Value : Format(item, element) is { } text ? Quote(text) : "NULL";

    private static string FormatComposite(CompositeType type, IReadOnlyList<Operand> values)
    {
        var text = new StringBuilder("(");
        for (var field = 0; field < type.Fields.Count; field++)
        {
            if (field > 0)
            {
                text.Append(',');
            }

            if (field < values.Count && Format(values[field], type.Fields[field].Type) is { } value)
            {
                text.Append(Quote(value));
            }
        }

        return text.Append(')').ToString();
    }

    private static string FormatRange(JsonElement value, RangeType type)
    {
        if (Flag(value, "empty", false))
        {
            return "empty";
        }

        var lower = Format(Property(value, "lower"), type.Bound);
        var upper = Format(Property(value, "upper"), type.Bound);
        return (Flag(value, "lowerInclusive", true) ? '[' : '(')
            + (lower is null ? "" : Quote(lower)) + "," + (upper is null ? "" : Quote(upper))
            + (Flag(value, "upperInclusive", false) ? ']' : ')');
    }

    private static string FormatHstore(JsonElement value)
    {
        var pairs = value.EnumerateObject()
            .Select(pair => Quote(pair.Name) + "=>" + (Format(Operand.ReadPlain(pair.Value), null) is { } text ? Quote(text) : "NULL"));
        return string.Join(',', pairs);
    }

    private static Operand Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var property)
            ? Operand.ReadPlain(property)
            : new Operand(OperandKind.Null);

    private static bool Flag(JsonElement value, string name, bool missing) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var property)
            ? property.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw SqlError.BadParameter($"a range's {name} is true or false"),
            }
            : missing;

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
