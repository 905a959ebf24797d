using Bridge.Core.Schema;
using Cronos;

namespace Encore.Host.Cron;

/// <summary>When a job is due: at the times of a schedule, or every so often from midnight UTC on. Immutable. Thread: any.</summary>
internal sealed class CronTiming
{
    private readonly CronExpression? _schedule;
    private readonly TimeSpan _every;

    private CronTiming(CronExpression? schedule, TimeSpan every, string text)
    {
        _schedule = schedule;
        _every = every;
        Text = text;
    }

    /// <summary>The timing as people read it: <c>every 00:05:00</c>, or the schedule.</summary>
    public string Text { get; }

    /// <summary>Reads a declaration's.</summary>
    /// <returns>Null where it can't be read, with the reason.</returns>
    public static CronTiming? TryRead(CronJobSchema job, out string problem)
    {
        problem = "";
        if (job.TimingCase == CronJobSchema.TimingOneofCase.EverySeconds)
        {
            if (job.EverySeconds is > 0 and <= 24 * 60 * 60)
            {
                var every = TimeSpan.FromSeconds(job.EverySeconds);
                return new CronTiming(schedule: null, every, "every " + every.ToString("c", System.Globalization.CultureInfo.InvariantCulture));
            }

            problem = "it must run every so often, from more than never to once a day";
            return null;
        }

        if (CronExpression.TryParse(job.Schedule, out var schedule))
        {
            return new CronTiming(schedule, TimeSpan.Zero, job.Schedule);
        }

        problem = $"'{job.Schedule}' is no schedule of five fields: minute, hour, day of the month, month, day of the week";
        return null;
    }

    /// <summary>The first time after one; null where there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_schedule is not null)
        {
            return _schedule.GetNextOccurrence(after, TimeZoneInfo.Utc);
        }

        var midnight = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero);
        var passed = (after - midnight).Ticks / _every.Ticks;
        return midnight + (_every * (passed + 1));
    }
}
