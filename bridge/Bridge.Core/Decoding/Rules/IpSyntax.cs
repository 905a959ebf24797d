namespace Bridge.Core.Decoding.Rules;

/// <summary>IP addresses as RFC 3986 section 3.2.2 and RFC 4291 section 2.2 write them: no zone, no leading zeros, no octal.</summary>
internal static class IpSyntax
{
    private const int Groups = 8;

    /// <summary>Whether a text is a dotted-quad IPv4 address.</summary>
    public static bool IsV4(ReadOnlySpan<byte> text)
    {
        var parts = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var part = text[range];
            var isOctet = part.Length is > 0 and <= 3 && !part.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                && (part.Length == 1 || part[0] != (byte)'0') && Value(part) <= 255;
            if (++parts > 4 || !isOctet)
            {
                return false;
            }
        }

        return parts == 4;
    }

    /// <summary>Whether a text is an IPv6 address, its last part as IPv4 or not.</summary>
    public static bool IsV6(ReadOnlySpan<byte> text)
    {
        var gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return CountGroups(text, mayEndInV4: true) == Groups;
        }

        var before = CountGroups(text[..gap], mayEndInV4: false);
        var after = CountGroups(text[(gap + 2)..], mayEndInV4: true);
        return before >= 0 && after >= 0 && before + after < Groups;
    }

    /// <summary>The groups that a text has, 0 where it is empty; -1 where it isn't a list of groups.</summary>
    private static int CountGroups(ReadOnlySpan<byte> text, bool mayEndInV4)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        var count = 0;
        while (true)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInV4 && group.Contains((byte)'.'))
            {
                return IsV4(group) ? count + 2 : -1;
            }

            if (group.Length is 0 or > 4 || !IsHex(group) || ++count > Groups)
            {
                return -1;
            }

            if (colon < 0)
            {
                return count;
            }

            text = text[(colon + 1)..];
        }
    }

    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (!char.IsAsciiHexDigit((char)value))
            {
                return false;
            }
        }

        return true;
    }

    private static int Value(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + digit - '0';
        }

        return value;
    }
}
