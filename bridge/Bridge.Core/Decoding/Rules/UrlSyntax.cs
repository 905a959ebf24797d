using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bridge.Core.Decoding.Rules;

/// <summary>Whether JavaScript's <c>new URL(text)</c> would take a text: the failures of the WHATWG URL parser without a base, and no result.</summary>
internal static class UrlSyntax
{
    private const int MaxPort = 65535;

    // WHATWG URL, "forbidden host code point" and "forbidden domain code point".
    private static readonly SearchValues<byte> ForbiddenInHost = SearchValues.Create("\0\t\n\r #/:<>?@[\\]^|"u8);
    private static readonly SearchValues<byte> ForbiddenInDomain = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000B\u000C\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F #/:<>?@[\\]^|%\u007F"u8);

    private static readonly SearchValues<byte> SchemeBytes = SearchValues.Create(
        "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> IgnoredBytes = SearchValues.Create("\t\n\r"u8);

    /// <summary>Whether a text is an absolute URL.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public static bool IsAbsolute(ReadOnlySpan<byte> text)
    {
        text = TrimControls(text);
        return text.ContainsAny(IgnoredBytes) ? IsAbsoluteWithoutBreaks(text) : IsUrl(text);
    }

    // The parser drops tabs and line breaks wherever they stand.
    private static bool IsAbsoluteWithoutBreaks(ReadOnlySpan<byte> text)
    {
        var kept = new List<byte>(text.Length);
        foreach (var value in text)
        {
            if (!IgnoredBytes.Contains(value))
            {
                kept.Add(value);
            }
        }

        return IsUrl(kept.ToArray());
    }

    private static ReadOnlySpan<byte> TrimControls(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExceptInRange((byte)0, (byte)' ');
        return start < 0 ? default : text[start..(text.LastIndexOfAnyExceptInRange((byte)0, (byte)' ') + 1)];
    }

    private static bool IsUrl(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)text[0]) || text[..colon].ContainsAnyExcept(SchemeBytes))
        {
            return false;
        }

        var rest = text[(colon + 1)..];
        return SchemeOf(text[..colon]) switch
        {
            Scheme.File => IsFile(rest),
            Scheme.Special => HasAuthority(rest.TrimStart("/\\"u8), isSpecial: true),
            _ => !rest.StartsWith("//"u8) || HasAuthority(rest[2..], isSpecial: false),
        };
    }

    private static Scheme SchemeOf(ReadOnlySpan<byte> scheme)
    {
        if (Ascii.EqualsIgnoreCase(scheme, "file"u8))
        {
            return Scheme.File;
        }

        var isSpecial = Ascii.EqualsIgnoreCase(scheme, "https"u8) || Ascii.EqualsIgnoreCase(scheme, "http"u8)
            || Ascii.EqualsIgnoreCase(scheme, "wss"u8) || Ascii.EqualsIgnoreCase(scheme, "ws"u8) || Ascii.EqualsIgnoreCase(scheme, "ftp"u8);
        return isSpecial ? Scheme.Special : Scheme.Other;
    }

    private static bool IsFile(ReadOnlySpan<byte> rest)
    {
        var hasHost = rest.Length >= 2 && rest[0] is (byte)'/' or (byte)'\\' && rest[1] is (byte)'/' or (byte)'\\';
        if (!hasHost)
        {
            return true;
        }

        var host = UntilAny(rest[2..], "/\\?#"u8);
        var isDrive = host.Length == 2 && char.IsAsciiLetter((char)host[0]) && host[1] is (byte)':' or (byte)'|';
        return host.IsEmpty || isDrive || IsSpecialHost(host);
    }

    private static bool HasAuthority(ReadOnlySpan<byte> rest, bool isSpecial)
    {
        var authority = UntilAny(rest, isSpecial ? "/\\?#"u8 : "/?#"u8);
        var at = authority.LastIndexOf((byte)'@');
        var hostAndPort = authority[(at + 1)..];
        if (at >= 0 && hostAndPort.IsEmpty)
        {
            return false;
        }

        var bracket = hostAndPort.StartsWith("["u8) ? hostAndPort.IndexOf((byte)']') : -1;
        var colon = hostAndPort[(bracket + 1)..].IndexOf((byte)':');
        var host = colon < 0 ? hostAndPort : hostAndPort[..(bracket + 1 + colon)];
        if (colon >= 0 && (host.IsEmpty || !IsPort(hostAndPort[(bracket + 2 + colon)..])))
        {
            return false;
        }

        return isSpecial ? !host.IsEmpty && IsSpecialHost(host) : IsOpaqueHost(host);
    }

    private static bool IsPort(ReadOnlySpan<byte> port) =>
        port.IsEmpty || (!port.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxPort);

    private static bool IsOpaqueHost(ReadOnlySpan<byte> host) =>
        host.StartsWith("["u8) ? IsBracketed(host) : !host.ContainsAny(ForbiddenInHost);

    private static bool IsSpecialHost(ReadOnlySpan<byte> host)
    {
        if (host.StartsWith("["u8))
        {
            return IsBracketed(host);
        }

        var decoded = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.UTF8.GetString(host)));
        if (decoded.Length == 0 || decoded.AsSpan().ContainsAny(ForbiddenInDomain))
        {
            return false;
        }

        return EndsInNumber(decoded) ? IsV4(decoded) : Ascii.IsValid(decoded) || IsInternational(decoded);
    }

    private static bool IsBracketed(ReadOnlySpan<byte> host) =>
        host[^1] == (byte)']' && IpSyntax.IsV6(host[1..^1]);

    private static bool EndsInNumber(ReadOnlySpan<byte> host)
    {
        var trimmed = host[^1] == (byte)'.' ? host[..^1] : host;
        var last = trimmed[(trimmed.LastIndexOf((byte)'.') + 1)..];
        return !last.IsEmpty && (!last.ContainsAnyExceptInRange((byte)'0', (byte)'9') || TryV4Part(last, out _));
    }

    // One to four parts, decimal, octal or hexadecimal; the last fills the bytes that the others leave.
    private static bool IsV4(ReadOnlySpan<byte> host)
    {
        var trimmed = host[^1] == (byte)'.' ? host[..^1] : host;
        var parts = trimmed.Count((byte)'.') + 1;
        var index = 0;
        foreach (var range in trimmed.Split((byte)'.'))
        {
            var limit = ++index == parts ? 1L << (8 * (5 - parts)) : 256;
            if (parts > 4 || !TryV4Part(trimmed[range], out var value) || value >= limit)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryV4Part(ReadOnlySpan<byte> part, out long value)
    {
        value = 0;
        var isHex = part.StartsWith("0x"u8) || part.StartsWith("0X"u8);
        var radix = isHex ? 16 : part.Length > 1 && part[0] == (byte)'0' ? 8 : 10;
        foreach (var digit in isHex ? part[2..] : part)
        {
            var number = char.IsAsciiHexDigit((char)digit) ? (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10) : radix;
            if (number >= radix)
            {
                return false;
            }

            value = Math.Min((value * radix) + number, uint.MaxValue + 1L);
        }

        return !part.IsEmpty;
    }

    private static bool IsInternational(ReadOnlySpan<byte> host)
    {
        try
        {
            return new IdnMapping { AllowUnassigned = true }.GetAscii(Encoding.UTF8.GetString(host)).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> UntilAny(ReadOnlySpan<byte> text, ReadOnlySpan<byte> ends)
    {
        var end = text.IndexOfAny(ends);
        return end < 0 ? text : text[..end];
    }

    private enum Scheme
    {
        Other,
        Special,
        File,
    }
}
