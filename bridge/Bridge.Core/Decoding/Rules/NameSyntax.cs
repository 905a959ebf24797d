using System.Buffers;

namespace Bridge.Core.Decoding.Rules;

/// <summary>Identifiers with a short grammar: UUIDs, host names, JSON pointers, base64.</summary>
internal static class NameSyntax
{
    // RFC 1035 section 2.3.4, without the root's empty label.
    private const int MaxHostBytes = 253;
    private const int MaxLabelBytes = 63;

    private static readonly SearchValues<byte> HexBytes = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    private static readonly SearchValues<byte> LabelBytes = SearchValues.Create(
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> Base64Bytes = SearchValues.Create(
        "+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>RFC 9562 section 4: 8-4-4-4-12 hexadecimal digits of either case, any version.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text) =>
        text.Length == 36 && text[8] == (byte)'-' && text[13] == (byte)'-' && text[18] == (byte)'-' && text[23] == (byte)'-'
        && !text[..8].ContainsAnyExcept(HexBytes) && !text[9..13].ContainsAnyExcept(HexBytes) && !text[14..18].ContainsAnyExcept(HexBytes)
        && !text[19..23].ContainsAnyExcept(HexBytes) && !text[24..].ContainsAnyExcept(HexBytes);

    /// <summary>RFC 1123 section 2.1: letters, digits and inner hyphens in labels of at most 63, 253 in all, no dot at the end.</summary>
    public static bool IsHost(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxHostBytes)
        {
            return false;
        }

        foreach (var range in text.Split((byte)'.'))
        {
            var label = text[range];
            if (label.Length is 0 or > MaxLabelBytes || label.ContainsAnyExcept(LabelBytes) || label[0] == (byte)'-' || label[^1] == (byte)'-')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>RFC 6901 section 3: empty, or a slash before each step, <c>~</c> only as <c>~0</c> and <c>~1</c>.</summary>
    public static bool IsJsonPointer(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text[0] != (byte)'/')
        {
            return false;
        }

        for (var tilde = text.IndexOf((byte)'~'); tilde >= 0; tilde = text.IndexOf((byte)'~'))
        {
            if (tilde + 1 >= text.Length || text[tilde + 1] is not ((byte)'0' or (byte)'1'))
            {
                return false;
            }

            text = text[(tilde + 2)..];
        }

        return true;
    }

    /// <summary>RFC 4648 section 4, padded to whole groups of four.</summary>
    public static bool IsBase64(ReadOnlySpan<byte> text)
    {
        var digits = text.TrimEnd((byte)'=');
        return text.Length % 4 == 0 && text.Length - digits.Length <= 2 && !digits.ContainsAnyExcept(Base64Bytes);
    }
}
