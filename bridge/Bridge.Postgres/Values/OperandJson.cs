using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridge.Postgres.Values;

/// <summary>Writes arrays as JSON, where a statement wants that.</summary>
/// <remarks>As in answers of endpoints: bigints, Decimals and dates are strings; bytes are Base64; numbers that JSON doesn't have are null.</remarks>
internal static class OperandJson
{
    /// <summary>Writes an array.</summary>
    internal static string Format(Operand list)
    {
        var text = new StringBuilder();
        Write(text, list);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Null or OperandKind.NonFinite:
                text.Append("null");
                break;
            case OperandKind.Literal or OperandKind.Object:
                text.Append(operand.Value);
                break;
            case OperandKind.Text:
                WriteString(text, operand.Value);
                break;
            case OperandKind.Bytes:
                WriteString(text, Convert.ToBase64String(operand.Bytes.Span));
                break;
            case OperandKind.List:
                WriteList(text, operand.Items ?? []);
                break;
        }
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<Operand> items)
    {
        text.Append('[');
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
            {
                text.Append(',');
            }

            Write(text, items[index]);
        }

        text.Append(']');
    }

    private static void WriteString(StringBuilder text, string value) =>
        text.Append('"').Append(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"');
}
