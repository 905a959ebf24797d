using System.Globalization;
using System.Text;

namespace Encore.Host.Clients;

/// <summary>Names as JavaScript takes them.</summary>
internal static class Identifiers
{
    // ECMA-262 section 12.7.2, and what strict mode and modules add.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "eval",
        "export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new",
        "null", "package", "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var",
        "void", "while", "with", "yield",
    };

    /// <summary>Whether a name can stand without quotes as a member's.</summary>
    public static bool IsName(string text) => text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(IsPart);

    /// <summary>A member's name: in quotes where it needs them.</summary>
    public static string Member(string name) => IsName(name) ? name : ScriptText.Quoted(name);

    /// <summary>A variable's name: what comes after something that isn't part of a name begins a new word.</summary>
    public static string Variable(string name)
    {
        var text = Joined(name, isCapital: false);
        return Reserved.Contains(text) ? text + "_" : text;
    }

    /// <summary>A type's name: <c>Page&lt;Post&gt;</c> is <c>PagePost</c>.</summary>
    public static string Type(string name) => Joined(name, isCapital: true);

    /// <summary>A name that isn't taken, and is from then on: that name, or one close to it.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}{number}");
        }

        return unique;
    }

    private static string Joined(string name, bool isCapital)
    {
        var text = new StringBuilder(name.Length);
        var isStart = isCapital;
        foreach (var unit in name)
        {
            if (!IsPart(unit))
            {
                isStart = text.Length > 0 || isCapital;
                continue;
            }

            if (text.Length == 0 && char.IsAsciiDigit(unit))
            {
                text.Append('_');
            }

            text.Append(isStart ? char.ToUpperInvariant(unit) : unit);
            isStart = false;
        }

        return text.Length == 0 ? "_" : text.ToString();
    }

    private static bool IsPart(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '$' || (unit > 127 && char.IsLetter(unit));
}
