using System.Globalization;
using Bridge.Core.Schema;
using Encore.Host.Cron;

namespace Encore.Host.Tests.Cron;

/// <summary>When jobs are due.</summary>
public sealed class CronTimingTests
{
    [Theory]
    [InlineData("30 3 * * *", "2025-02-01T03:29:59Z", "2025-02-01T03:30:00Z")]
    [InlineData("30 3 * * *", "2025-02-01T03:30:00Z", "2025-02-02T03:30:00Z")]
    [InlineData("0 0 29 2 *", "2025-02-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("*/20 * * * 1-5", "2025-02-01T12:00:00Z", "2025-02-03T00:00:00Z")]
    public void Next_Schedule_IsInUtc(string schedule, string after, string next) =>
        Assert.Equal(Time(next), Timing(new CronJobSchema { Schedule = schedule }).Next(Time(after)));

    [Theory]
    [InlineData(900, "2025-02-01T00:00:00Z", "2025-02-01T00:15:00Z")]
    [InlineData(900, "2025-02-01T00:14:59.999Z", "2025-02-01T00:15:00Z")]
    [InlineData(900, "2025-02-01T00:15:00Z", "2025-02-01T00:30:00Z")]
    [InlineData(900, "2025-02-01T23:50:00Z", "2025-02-02T00:00:00Z")]
    [InlineData(86400, "2025-02-01T00:00:01Z", "2025-02-02T00:00:00Z")]
    public void Next_Every_CountsFromMidnight(double seconds, string after, string next) =>
        Assert.Equal(Time(next), Timing(new CronJobSchema { EverySeconds = seconds }).Next(Time(after)));

    [Fact]
    public void Next_ScheduleThatNeverComes_IsNull() =>
        Assert.Null(Timing(new CronJobSchema { Schedule = "0 0 30 2 *" }).Next(Time("2025-02-01T00:00:00Z")));

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("every day")]
    [InlineData("")]
    public void TryRead_BadSchedule_SaysWhy(string schedule)
    {
        Assert.Null(CronTiming.TryRead(new CronJobSchema { Schedule = schedule }, out var problem));
        Assert.StartsWith($"'{schedule}' is no schedule of five fields", problem, StringComparison.Ordinal);
    }

    private static CronTiming Timing(CronJobSchema job) => CronTiming.TryRead(job, out _)!;

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
