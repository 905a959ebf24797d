using System.Buffers.Text;
using System.Text;
using Bridge.Core.Buffers;

namespace Bridge.Postgres.Values;

/// <summary>Reads timestamps, with and without a zone, as DateStyle ISO writes them.</summary>
/// <remarks>
/// <c>2024-02-29 12:34:56.789012+05:30</c>; the zone is missing for timestamps without one, which count as UTC. Years have four digits or
/// more, and those before 1 a <c>BC</c> at the end. Fractions of milliseconds are cut off, as <c>Date.parse</c> does.
/// </remarks>
internal static class TimestampText
{
    private const long MillisecondsADay = 86_400_000;

    /// <summary>Writes milliseconds since 1970, or an infinity's name.</summary>
    /// <exception cref="FormatException">It is written in another style.</exception>
    internal static void Write(PooledBuffer json, ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("infinity"u8) || text.SequenceEqual("-infinity"u8))
        {
            JsonText.WriteQuoted(json, text);
            return;
        }

        ValueWriter.WriteNumber(json, ToMilliseconds(text));
    }

    private static long ToMilliseconds(ReadOnlySpan<byte> text)
    {
        var rest = text;
        var year = TakeNumber(ref rest);
        Take(ref rest, (byte)'-');
        var month = TakeNumber(ref rest);
        Take(ref rest, (byte)'-');
        var day = TakeNumber(ref rest);
        Take(ref rest, (byte)' ');
        var seconds = TakeTime(ref rest);
        var milliseconds = TakeFraction(ref rest);
        seconds -= TakeZone(ref rest);
        if (rest.SequenceEqual(" BC"u8))
        {
            year = 1 - year;
        }
        else if (!rest.IsEmpty)
        {
            throw Unreadable(rest);
        }

        return (DaysSince1970(year, month, day) * MillisecondsADay) + (seconds * 1000) + milliseconds;
    }

    private static long TakeTime(ref ReadOnlySpan<byte> rest)
    {
        var seconds = TakeNumber(ref rest) * 3600;
        Take(ref rest, (byte)':');
        seconds += TakeNumber(ref rest) * 60;
        Take(ref rest, (byte)':');
        return seconds + TakeNumber(ref rest);
    }

    private static long TakeFraction(ref ReadOnlySpan<byte> rest)
    {
        if (rest is not [(byte)'.', ..])
        {
            return 0;
        }

        var digits = 0;
        var milliseconds = 0L;
        for (rest = rest[1..]; rest is [>= (byte)'0' and <= (byte)'9', ..]; rest = rest[1..])
        {
            if (digits++ < 3)
            {
                milliseconds = (milliseconds * 10) + rest[0] - '0';
            }
        }

        for (; digits < 3; digits++)
        {
            milliseconds *= 10;
        }

        return milliseconds;
    }

    // +05, -03:30, +01:23:45: in seconds.
    private static long TakeZone(ref ReadOnlySpan<byte> rest)
    {
        if (rest is not [(byte)'+' or (byte)'-', ..])
        {
            return 0;
        }

        var sign = rest[0] == '-' ? -1 : 1;
        rest = rest[1..];
        var seconds = TakeNumber(ref rest) * 3600;
        for (var unit = 60; unit >= 1 && rest is [(byte)':', ..]; unit /= 60)
        {
            rest = rest[1..];
            seconds += TakeNumber(ref rest) * unit;
        }

        return sign * seconds;
    }

    private static long TakeNumber(ref ReadOnlySpan<byte> rest)
    {
        if (rest is not [>= (byte)'0' and <= (byte)'9', ..] || !Utf8Parser.TryParse(rest, out int value, out var length))
        {
            throw Unreadable(rest);
        }

        rest = rest[length..];
        return value;
    }

    private static void Take(ref ReadOnlySpan<byte> rest, byte expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            throw Unreadable(rest);
        }

        rest = rest[1..];
    }

    // Years are counted from March, so that the leap day is a year's last: 306 days from March to January.
    // Years repeat every 400, which have 146,097 days; 719,468 of them lie between 1 March of the year 0 and 1970.
    private static long DaysSince1970(long year, long month, long day)
    {
        if (month <= 2)
        {
            year--;
        }

        var era = Math.DivRem(year, 400L, out var yearOfEra);
        if (yearOfEra < 0)
        {
            era--;
            yearOfEra += 400;
        }

        var dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5 + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    private static FormatException Unreadable(ReadOnlySpan<byte> rest) =>
        new($"a timestamp can't be read at '{Encoding.UTF8.GetString(rest)}': DateStyle has been changed");
}
