namespace Bridge.Core.Decoding.Nodes;

/// <summary>Dates and times of RFC 3339 section 5.6, as instants.</summary>
internal static class Rfc3339
{
    private const int DateLength = 10; // 2000-01-01
    private const int ShortestTime = 9; // 00:00:00Z
    private const int ShortestLength = DateLength + 1 + ShortestTime;
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>Reads a full date-time with its zone.</summary>
    /// <param name="text">The text; T and Z in either case, and a space for T, as the RFC allows.</param>
    /// <param name="milliseconds">Milliseconds since 1970 in UTC, finer fractions cut off.</param>
    /// <returns>False for anything else, and for days and times that don't exist.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < ShortestLength || text[DateLength] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || !TryDate(text[..DateLength], out var days) || !TryTime(text[(DateLength + 1)..], out var time))
        {
            return false;
        }

        milliseconds = (days * MillisecondsPerDay) + time;
        return true;
    }

    /// <summary>Whether a text is a full-date of a day that exists.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => TryDate(text, out _);

    /// <summary>Whether a text is a full-time: with a zone, and with a leap second only where a day ends in UTC.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text) => TryTime(text, out _);

    private static bool TryDate(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text.Length != DateLength || text[4] != (byte)'-' || text[7] != (byte)'-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var day)
            || month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month))
        {
            return false;
        }

        days = DaysSince1970(year, month, day);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length < ShortestTime || text[2] != (byte)':' || text[5] != (byte)':'
            || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) || !TryDigits(text[6..8], out var second)
            || !TryFraction(text[8..], out var fraction, out var fractionLength) || !TryZone(text[(8 + fractionLength)..], out var zoneMinutes)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var minutes = (hour * 60) + minute - zoneMinutes;
        milliseconds = (minutes * 60_000L) + (second * 1000L) + fraction;

        // Leap seconds end a day in UTC, and there alone; JavaScript's dates have none, so it becomes the second after.
        return second < 60 || (minutes + 1) % 1440 == 0;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int milliseconds, out int length)
    {
        milliseconds = 0;
        length = 0;
        if (text[0] != (byte)'.')
        {
            return true;
        }

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0)
        {
            return false; // none, or nothing after them: the zone is missing
        }

        for (var i = 0; i < 3; i++)
        {
            milliseconds = (milliseconds * 10) + (i < digits ? text[1 + i] - '0' : 0);
        }

        length = 1 + digits;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
        {
            return text[0] is (byte)'Z' or (byte)'z';
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != (byte)':'
            || !TryDigits(text[1..3], out var hour) || !TryDigits(text[4..6], out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    // Howard Hinnant's days_from_civil: years start in March, so that the leap day is the last. DateTime knows no year 0.
    private static long DaysSince1970(int year, int month, int day)
    {
        var shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - (era * 400);
        var dayOfYear = (((153 * ((month + 9) % 12)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }
}
