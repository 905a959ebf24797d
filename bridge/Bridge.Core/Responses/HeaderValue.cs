using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Responses;

/// <summary>Values of answers that travel in the head, read from JSON.</summary>
internal static class HeaderValue
{
    private const int BytesOnStack = 256;

    // Interim answers (RFC 9110 section 15.2) announce another one: a client that gets one as its answer waits for ever.
    private const int LowestStatus = 200;
    private const int HighestStatus = 599;

    // Visible ASCII, space and tab (RFC 9110 section 5.5): nothing can end the line, and no recipient has to guess an encoding.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "\t !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Whether a text may stand in a header.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed);

    /// <summary>Reads a scalar as the header writes it: strings without quotes, numbers and booleans as JSON has them.</summary>
    /// <returns>Null where a header can't carry the value.</returns>
    public static string? TryRead(ReadOnlySpan<byte> json)
    {
        if (json[0] is (byte)'{' or (byte)'[')
        {
            return null;
        }

        var text = json[0] == (byte)'"' ? Unescaped(json[1..^1]) : Encoding.UTF8.GetString(json);
        return IsSafe(text) ? text : null;
    }

    /// <summary>Reads a status.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> json, out int status) =>
        Utf8Parser.TryParse(json, out status, out var consumed) && consumed == json.Length && status is >= LowestStatus and <= HighestStatus;

    private static string Unescaped(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(raw);
        }

        var text = raw.Length <= BytesOnStack ? stackalloc byte[BytesOnStack] : new byte[raw.Length];
        return Encoding.UTF8.GetString(text[..JsonEscapes.Unescape(raw, text)]);
    }
}
