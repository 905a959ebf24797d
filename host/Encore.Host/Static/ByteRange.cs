using System.Globalization;

namespace Encore.Host.Static;

/// <summary>A part of a file, as a Range header asks for it (RFC 9110, section 14).</summary>
/// <param name="Kind">What to do about the header.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct ByteRange(RangeKind Kind, long Start, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>Reads the header for a file of some length.</summary>
    public static ByteRange Parse(ReadOnlySpan<char> header, long length)
    {
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(','))
        {
            return default;
        }

        var range = header[Unit.Length..].Trim();
        var dash = range.IndexOf('-');
        if (dash < 0)
        {
            return default;
        }

        var first = range[..dash].Trim();
        var last = range[(dash + 1)..].Trim();
        if (first.IsEmpty)
        {
            return !TryRead(last, out var suffix) ? default
                : suffix == 0 || length == 0 ? new ByteRange(RangeKind.Unsatisfiable, 0, 0)
                : new ByteRange(RangeKind.Part, Math.Max(0, length - suffix), Math.Min(suffix, length));
        }

        var end = length - 1;
        if (!TryRead(first, out var start) || (!last.IsEmpty && (!TryRead(last, out end) || end < start)))
        {
            return default;
        }

        return start >= length
            ? new ByteRange(RangeKind.Unsatisfiable, 0, 0)
            : new ByteRange(RangeKind.Part, start, Math.Min(end, length - 1) - start + 1);
    }

    // A number too large for 64 bits is beyond any file.
    private static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = long.MaxValue;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            number = long.MaxValue;
        }

        return true;
    }
}

/// <summary>What to do about a Range header.</summary>
internal enum RangeKind
{
    /// <summary>Nothing: it is malformed, of another unit, or of several parts, and the whole file is sent.</summary>
    None,

    /// <summary>One part is sent.</summary>
    Part,

    /// <summary>The file has no such part.</summary>
    Unsatisfiable,
}
