using System.Text;

namespace Bridge.Core.Calls;

/// <summary>The part of the scripts that all endpoints share: the files of the folder <c>Script</c>.</summary>
internal static class SupportScript
{
    private static readonly string[] Files = ["values.js", "rules.js", "excerpt.js", "report.js", "explain.js", "answer.js"];

    private static readonly string[] Exports =
    [
        "Decimal", "check", "deep", "kindOf", "isDate", "isSet", "isMap", "isDecimal", "isBytes", "isContainer", "isBigInt", "isShortDecimal",
        "date", "bytes", "plain", "own", "put", "getTime", "setValues", "mapEntries", "trimmed", "compare", "isWhole", "isMultiple", "isDistinct",
        "newChooser", "newRequestCheck", "newAnswerCopy",
    ];

    /// <summary>An expression whose value is the function <c>(Decimal, check) => support</c>.</summary>
    public static string Source { get; } = $"((Decimal,check)=>{{\"use strict\";\n{string.Concat(Files.Select(Read))}\nreturn{{{string.Join(',', Exports)}}}}})";

    /// <summary>The parameter by which generated functions take the support object.</summary>
    public static string Parameter { get; } = $"{{{string.Join(',', Exports)}}}";

    private static string Read(string file)
    {
        using var stream = typeof(SupportScript).Assembly.GetManifestResourceStream($"calls/{file}")
            ?? throw new InvalidOperationException($"The assembly lacks {file}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
