using System.Text;
using System.Text.RegularExpressions;

namespace Encore.Host.Clients;

/// <summary>
/// The part of a client that is the same for every application. It is kept once for both languages: «…» is for TypeScript alone, ‹…› for
/// JavaScript, <c>{{name}}</c> stands for what differs from one application to another.
/// </summary>
internal static class RuntimeText
{
    private static readonly char[] Marks = ['«', '»', '‹', '›'];

    // Of the private use area: no text of an application has a reason to hold them.
    private static readonly char[] Stand = ['\uE010', '\uE011', '\uE012', '\uE013'];

    private static readonly Regex Hole = new(@"\{\{(?<name>\w+)\}\}", RegexOptions.NonBacktracking);
    private static readonly Regex TypeScriptOnly = new("«[^»]*»", RegexOptions.NonBacktracking);
    private static readonly Regex JavaScriptOnly = new("‹[^›]*›", RegexOptions.NonBacktracking);

    /// <summary>A part.</summary>
    /// <param name="name">Its file in the folder Runtime, without the ending.</param>
    /// <param name="language">The language.</param>
    /// <param name="values">What the holes are filled with, in the same notation.</param>
    public static string Of(string name, ClientLanguage language, IReadOnlyDictionary<string, string>? values = null)
    {
        using var stream = typeof(RuntimeText).Assembly.GetManifestResourceStream($"Encore.Host.Clients.Runtime.{name}.txt")
            ?? throw new InvalidOperationException($"The program lacks its resource {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = Hole.Replace(reader.ReadToEnd().ReplaceLineEndings("\n"), hole => values?[hole.Groups["name"].Value] ?? "");
        return For(language, text);
    }

    /// <summary>A text in the notation of both languages, in one of them.</summary>
    public static string For(ClientLanguage language, string text) => language == ClientLanguage.TypeScript
        ? JavaScriptOnly.Replace(text, "").Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal)
        : TypeScriptOnly.Replace(text, "").Replace("‹", "", StringComparison.Ordinal).Replace("›", "", StringComparison.Ordinal);

    /// <summary>A text of the application's in which nothing is taken for a mark; <see cref="Restored"/> undoes it.</summary>
    public static string Kept(string text) => text.IndexOfAny(Marks) < 0 ? text : string.Concat(text.Select(unit => Moved(unit, Marks, Stand)));

    /// <summary>A finished text, with the application's own texts as they were.</summary>
    public static string Restored(string text) => string.Concat(text.Select(unit => Moved(unit, Stand, Marks)));

    private static char Moved(char unit, char[] from, char[] to) => Array.IndexOf(from, unit) is >= 0 and var index ? to[index] : unit;
}
