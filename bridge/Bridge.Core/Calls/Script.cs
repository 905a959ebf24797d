using System.Globalization;
using System.Text.Encodings.Web;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>Pieces of JavaScript.</summary>
internal static class Script
{
    /// <summary>A string literal. The default encoder escapes everything but plain ASCII: no quote, line separator or tag survives.</summary>
    public static string Quote(string text) => $"\"{JavaScriptEncoder.Default.Encode(text)}\"";

    /// <summary>A number literal.</summary>
    public static string Number(double value) =>
        double.IsFinite(value) ? $"{(value < 0 ? " " : "")}{value.ToString("R", CultureInfo.InvariantCulture)}" : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    /// <summary>The literal of a literal type; null stands for <c>null</c>.</summary>
    public static string Of(Literal? literal) => literal?.ValueCase switch
    {
        null => "null",
        Literal.ValueOneofCase.Text => Quote(literal.Text),
        Literal.ValueOneofCase.Number => Number(literal.Number),
        _ => literal.Boolean ? "true" : "false",
    };
}
