using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace Bridge.Core.Decoding.Patterns;

/// <summary>
/// The properties that <c>\p{…}</c> names: general categories, scripts and the binary ones of ECMA-262, as the engine has them.
/// </summary>
/// <remarks>
/// They are in <c>unicode-properties.txt</c>, one to a line: its kind, its names, and the ranges of its code points, each as the distance from
/// the end of the last and, after a point, its length less one, in base 36. The engine tests compare it with V8 and write it anew.
/// </remarks>
internal static class UnicodeProperties
{
    private const string Resource = "unicode-properties.txt";
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly FrozenDictionary<string, string> Lines = Read();
    private static readonly ConcurrentDictionary<string, CodePointSet> Sets = new(StringComparer.Ordinal);

    /// <summary>Every name, with the kind before it: <c>gc=Lu</c>, <c>sc=Greek</c>, <c>scx=Greek</c>, <c>bin=Emoji</c>.</summary>
    public static IEnumerable<string> Names => Lines.Keys;

    /// <summary>Whether there is a property of a name: <c>L</c>, <c>Script=Greek</c>, <c>Emoji</c>.</summary>
    public static bool IsKnown(string name) => KeyOf(name) is not null;

    /// <summary>The code points that have a property.</summary>
    /// <exception cref="ArgumentException">There is no property of this name.</exception>
    public static CodePointSet SetOf(string name) =>
        KeyOf(name) is { } key ? Sets.GetOrAdd(key, static key => Decode(Lines[key])) : throw new ArgumentException($"No property is called {name}.", nameof(name));

    private static string? KeyOf(string name)
    {
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return Lines.ContainsKey($"gc={name}") ? $"gc={name}" : Lines.ContainsKey($"bin={name}") ? $"bin={name}" : null;
        }

        var kind = name[..equals] switch
        {
            "General_Category" or "gc" => "gc",
            "Script" or "sc" => "sc",
            "Script_Extensions" or "scx" => "scx",
            _ => "",
        };
        var key = $"{kind}={name[(equals + 1)..]}";
        return kind.Length > 0 && Lines.ContainsKey(key) ? key : null;
    }

    private static CodePointSet Decode(string line)
    {
        var ranges = new List<(int First, int Last)>();
        var last = 0;
        foreach (var part in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var point = part.IndexOf('.', StringComparison.Ordinal);
            var first = last + Number(point < 0 ? part : part[..point]);
            last = first + (point < 0 ? 0 : Number(part[(point + 1)..]));
            ranges.Add((first, last));
        }

        return CodePointSet.Of(ranges);
    }

    private static int Number(string digits) => digits.Aggregate(0, (value, digit) => (value * 36) + Digits.IndexOf(digit, StringComparison.Ordinal));

    private static FrozenDictionary<string, string> Read()
    {
        // Justification: the build puts it there.
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            foreach (var name in line[(space + 1)..colon].Split(','))
            {
                lines[$"{line[..space]}={name}"] = line[(colon + 1)..];
            }
        }

        return lines.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
