using System.Buffers;

namespace Bridge.Core.Decoding.Rules;

/// <summary>URIs of RFC 3986: the grammar's <c>URI</c>, with a scheme.</summary>
internal static class UriSyntax
{
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<byte> SchemeBytes = Bytes("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<byte> NameBytes = Bytes(Unreserved + SubDelimiters);
    private static readonly SearchValues<byte> UserBytes = Bytes(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<byte> PathBytes = Bytes(Unreserved + SubDelimiters + ":@/");
    private static readonly SearchValues<byte> QueryBytes = Bytes(Unreserved + SubDelimiters + ":@/?");

    /// <summary>Whether a text is a URI.</summary>
    public static bool IsUri(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)text[0]) || text[..colon].ContainsAnyExcept(SchemeBytes))
        {
            return false;
        }

        var rest = text[(colon + 1)..];
        if (rest.IndexOf((byte)'#') is >= 0 and var hash)
        {
            if (!IsEncoded(rest[(hash + 1)..], QueryBytes))
            {
                return false;
            }

            rest = rest[..hash];
        }

        if (rest.IndexOf((byte)'?') is >= 0 and var question)
        {
            if (!IsEncoded(rest[(question + 1)..], QueryBytes))
            {
                return false;
            }

            rest = rest[..question];
        }

        return IsHierarchy(rest);
    }

    private static bool IsHierarchy(ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith("//"u8))
        {
            return IsEncoded(rest, PathBytes);
        }

        rest = rest[2..];
        var slash = rest.IndexOf((byte)'/');
        var authority = slash < 0 ? rest : rest[..slash];
        return IsAuthority(authority) && IsEncoded(slash < 0 ? default : rest[slash..], PathBytes);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> authority)
    {
        var at = authority.IndexOf((byte)'@');
        if (at >= 0 && !IsEncoded(authority[..at], UserBytes))
        {
            return false;
        }

        var host = authority[(at + 1)..];
        var bracket = host.StartsWith("["u8) ? host.IndexOf((byte)']') : -1;
        var port = host[(bracket + 1)..].IndexOf((byte)':');
        if (port >= 0)
        {
            if (host[(bracket + 2 + port)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            host = host[..(bracket + 1 + port)];
        }

        if (!host.StartsWith("["u8))
        {
            return IsEncoded(host, NameBytes);
        }

        return bracket == host.Length - 1 && (IpSyntax.IsV6(host[1..^1]) || IsFutureAddress(host[1..^1]));
    }

    // "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
    private static bool IsFutureAddress(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        if (point < 2 || (text[0] | 0x20) != 'v' || point + 1 == text.Length)
        {
            return false;
        }

        foreach (var digit in text[1..point])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return !text[(point + 1)..].ContainsAnyExcept(UserBytes);
    }

    /// <summary>Whether a text has only bytes of a set and complete percent-encodings.</summary>
    private static bool IsEncoded(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        for (var found = text.IndexOfAnyExcept(allowed); found >= 0; found = text.IndexOfAnyExcept(allowed))
        {
            var isEncoding = text[found] == (byte)'%' && found + 2 < text.Length
                && char.IsAsciiHexDigit((char)text[found + 1]) && char.IsAsciiHexDigit((char)text[found + 2]);
            if (!isEncoding)
            {
                return false;
            }

            text = text[(found + 3)..];
        }

        return true;
    }

    private static SearchValues<byte> Bytes(string characters) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(characters));
}
