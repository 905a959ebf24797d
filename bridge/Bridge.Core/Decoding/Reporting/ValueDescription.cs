using System.Text;

namespace Bridge.Core.Decoding.Reporting;

/// <summary>How messages describe a JSON value that came: <c>string "x"</c>, <c>integer `5`</c>, <c>map</c>.</summary>
internal static class ValueDescription
{
    private const int MaxCharacters = 64;

    /// <summary>The value's kind and, where it is a scalar, the value, shortened.</summary>
    /// <param name="json">Valid JSON.</param>
    public static string Of(ReadOnlySpan<byte> json) => json[0] switch
    {
        (byte)'"' => $"string {Excerpt(json)}",
        (byte)'{' or (byte)'[' or (byte)'n' => Kind(json),
        _ => $"{Kind(json)} `{Excerpt(json)}`",
    };

    /// <summary>The value's kind alone.</summary>
    /// <param name="json">Valid JSON.</param>
    public static string Kind(ReadOnlySpan<byte> json) => json[0] switch
    {
        (byte)'"' => "string",
        (byte)'{' => "map",
        (byte)'[' => "sequence",
        (byte)'n' => "null",
        (byte)'t' or (byte)'f' => "boolean",
        _ => json.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 ? "integer" : "floating point",
    };

    /// <summary>What stands between a JSON string's quotes, shortened.</summary>
    public static string Text(ReadOnlySpan<byte> json) => Excerpt(json[1..^1]);

    /// <summary>The beginning of a text, at a cost that doesn't depend on the rest.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public static string Excerpt(ReadOnlySpan<byte> utf8)
    {
        var end = Math.Min(utf8.Length, (MaxCharacters + 1) * 4);
        while (end < utf8.Length && (utf8[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Shorten(Encoding.UTF8.GetString(utf8[..end]));
    }

    /// <summary>A text of bounded length.</summary>
    public static string Shorten(string text, int maxCharacters = MaxCharacters)
    {
        if (text.Length <= maxCharacters)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[maxCharacters - 1]) ? maxCharacters - 1 : maxCharacters;
        return text[..end] + "…";
    }
}
