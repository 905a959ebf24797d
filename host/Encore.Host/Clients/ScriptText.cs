using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Encore.Host.Clients;

/// <summary>Literals and comments in a script.</summary>
internal static class ScriptText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text literal.</summary>
    public static string Quoted(string text) => RuntimeText.Kept(JsonSerializer.Serialize(text, Readable));

    /// <summary>A number literal.</summary>
    public static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The literal part of a template.</summary>
    public static string InTemplate(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal);

    /// <summary>A documentation comment; nothing where there is nothing to say.</summary>
    public static string Doc(string indent, params IEnumerable<string> lines)
    {
        List<string> all = [.. lines.SelectMany(line => RuntimeText.Kept(line).Split('\n')).Select(line => line.TrimEnd().Replace("*/", "*\\/", StringComparison.Ordinal))];
        if (all.TrueForAll(line => line.Length == 0))
        {
            return "";
        }

        if (all.Count == 1)
        {
            return $"{indent}/** {all[0]} */\n";
        }

        var text = new StringBuilder($"{indent}/**\n");
        foreach (var line in all)
        {
            text.Append(indent).Append(line.Length == 0 ? " *" : " * ").Append(line).Append('\n');
        }

        return text.Append(indent).Append(" */\n").ToString();
    }
}
