using System.Globalization;

namespace Bridge.Postgres.Values;

/// <summary>Writes a script's dates as PostgreSQL reads them, in the whole of their range: the years -271821 to 275760.</summary>
internal static class DateText
{
    private const long MillisecondsADay = 86_400_000;

    // The calendar repeats after 400 years.
    private const long DaysOf400Years = 146_097;

    /// <summary>Writes a moment, in UTC.</summary>
    /// <param name="milliseconds">Since 1970.</param>
    internal static string Format(double milliseconds)
    {
        var whole = (long)milliseconds;
        var day = Math.DivRem(whole, MillisecondsADay, out var time);
        if (time < 0)
        {
            day--;
            time += MillisecondsADay;
        }

        // Moved by whole periods of the calendar into the years that DateTime has: 2000 to 2399.
        var periods = (long)Math.Floor((day - 10_957) / (double)DaysOf400Years);
        var date = DateTime.UnixEpoch.AddDays(day - (periods * DaysOf400Years)).AddMilliseconds(time);
        var year = date.Year + (periods * 400);
        var (shown, era) = year > 0 ? (year, "") : (1 - year, " BC");
        return string.Create(CultureInfo.InvariantCulture, $"{shown:0000}-{date:MM-dd HH:mm:ss.fff}+00{era}");
    }
}
