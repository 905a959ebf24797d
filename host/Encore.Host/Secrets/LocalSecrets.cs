using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Encore.Host.Secrets;

/// <summary>Reads the secrets that a developer keeps beside an application.</summary>
/// <remarks>
/// <c>.secrets.local</c> holds lines <c>NAME=value</c>, <c>.secrets.local.cue</c> lines <c>Name: "value"</c>; the first beats the second.
/// </remarks>
internal static partial class LocalSecrets
{
    /// <summary>The file's name.</summary>
    public const string FileName = ".secrets.local";

    private const string CueFileName = ".secrets.local.cue";

    /// <summary>Reads both files, where they are.</summary>
    /// <param name="root">The application's folder.</param>
    /// <param name="problem">Receives a line for each line that can't be read; it never shows what stands there.</param>
    public static IReadOnlyDictionary<string, string> Read(string root, Action<string> problem)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        Read(root, CueFileName, CueLine(), "//", "Name: \"value\"", secrets, problem);
        Read(root, FileName, Line(), "#", "NAME=value", secrets, problem);
        return secrets;
    }

    private static void Read(
        string root, string file, Regex form, string comment, string example, Dictionary<string, string> secrets, Action<string> problem)
    {
        try
        {
            var path = Path.Combine(root, file);
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            for (var i = 0; i < lines.Length; i++)
            {
                var line = lines[i].Trim();
                if (line.Length == 0 || line.StartsWith(comment, StringComparison.Ordinal))
                {
                    continue;
                }

                if (form.Match(line) is { Success: true } match && ValueOf(match.Groups["value"].Value) is { } value)
                {
                    secrets[match.Groups["name"].Value] = value;
                    continue;
                }

                problem(string.Create(CultureInfo.InvariantCulture, $"{file}:{i + 1}: this line isn't of the form {example}, and is ignored"));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem($"{file} can't be read: {error.Message}");
        }
    }

    /// <summary>A value in double quotes is written as JSON strings are, one in single quotes or in none as it is.</summary>
    private static string? ValueOf(string text)
    {
        if (text is not ['"', ..])
        {
            return text is ['\'', .., '\''] ? text[1..^1] : text;
        }

        try
        {
            return JsonSerializer.Deserialize<string>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?<value>.*)$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();

    [GeneratedRegex("""^"?(?<name>[A-Za-z_][A-Za-z0-9_]*)"?\s*:\s*(?<value>"(?:[^"\\]|\\.)*")\s*,?\s*(?://.*)?$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CueLine();
}
