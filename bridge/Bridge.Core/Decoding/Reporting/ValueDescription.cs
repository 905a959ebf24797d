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
        (byte)'"' => $"string {Shorten(Encoding.UTF8.GetString(json))}",
        (byte)'{' or (byte)'[' or (byte)'n' => Kind(json),
        _ => $"{Kind(json)} `{Shorten(Encoding.UTF8.GetString(json))}`",
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
    public static string Text(ReadOnlySpan<byte> json) => Shorten(Encoding.UTF8.GetString(json[1..^1]));

    /// <summary>A text of bounded length.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaxCharacters)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters;
        return text[..end] + "…";
    }
}
