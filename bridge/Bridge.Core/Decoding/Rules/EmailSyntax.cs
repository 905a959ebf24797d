using System.Buffers;
using System.Text;

namespace Bridge.Core.Decoding.Rules;

/// <summary>Email addresses: RFC 5321's mailbox with RFC 6531's non-ASCII letters, without a display name.</summary>
internal static class EmailSyntax
{
    // RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.4.
    private const int MaxLocalBytes = 64;
    private const int MaxDomainBytes = 254;
    private const int MaxLabelBytes = 63;

    private static readonly SearchValues<byte> AtomBytes = SearchValues.Create(
        "!#$%&'*+-/=?^_`{|}~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> LabelBytes = SearchValues.Create(
        "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Whether a text is one address.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public static bool IsAddress(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf((byte)'@');
        return at > 0 && at <= MaxLocalBytes && IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocal(ReadOnlySpan<byte> local) =>
        local[0] == (byte)'"' ? IsQuoted(local) : AllParts(local, static part => IsOf(part, AtomBytes));

    private static bool IsQuoted(ReadOnlySpan<byte> local)
    {
        if (local.Length < 2 || local[^1] != (byte)'"')
        {
            return false;
        }

        var content = local[1..^1];
        for (var i = 0; i < content.Length; i++)
        {
            // A backslash takes the next byte along, which must be there.
            if (content[i] is < 0x20 or 0x7F or (byte)'"' || (content[i] == (byte)'\\' && ++i == content.Length))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<byte> domain)
    {
        if (domain.IsEmpty || domain.Length > MaxDomainBytes)
        {
            return false;
        }

        return domain[0] == (byte)'[' ? IsLiteral(domain) : AllParts(domain, IsLabel);
    }

    private static bool IsLabel(ReadOnlySpan<byte> label) =>
        label.Length <= MaxLabelBytes && IsOf(label, LabelBytes) && label[0] != (byte)'-' && label[^1] != (byte)'-';

    private static bool IsLiteral(ReadOnlySpan<byte> domain)
    {
        if (domain[^1] != (byte)']')
        {
            return false;
        }

        var content = domain[1..^1];
        var isV6 = content.StartsWith("IPv6:"u8);
        return isV6
            ? IpSyntax.IsV6(content[5..])
            : IpSyntax.IsV4(content);
    }

    private static bool AllParts(ReadOnlySpan<byte> text, PartTest test)
    {
        foreach (var range in text.Split((byte)'.'))
        {
            if (text[range].IsEmpty || !test(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOf(ReadOnlySpan<byte> part, SearchValues<byte> ascii)
    {
        while (!part.IsEmpty)
        {
            Rune.DecodeFromUtf8(part, out var rune, out var length);
            var allowed = rune.IsAscii ? ascii.Contains((byte)rune.Value) : !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune);
            if (!allowed)
            {
                return false;
            }

            part = part[length..];
        }

        return true;
    }

    private delegate bool PartTest(ReadOnlySpan<byte> part);
}
