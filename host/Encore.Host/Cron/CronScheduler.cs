namespace Encore.Host.Cron;

/// <summary>Runs an application's jobs when they are due, until it is disposed.</summary>
/// <remarks>
/// A job whose last run hasn't ended isn't run again: that time is left out, and the log says so. Times that passed while the host was
/// down, or asleep, are not made up for.
/// </remarks>
internal sealed class CronScheduler : IAsyncDisposable
{
    // Timers hold some 49 days; a schedule may be due once in four years.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CronRunner _runner;
    private readonly ICronLease _lease;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;

    private CronScheduler(IReadOnlyList<CronJob> jobs, CronRunner runner, ICronLease lease, TimeProvider time)
    {
        _runner = runner;
        _lease = lease;
        _time = time;
        _stopped = _stop.Token;
        foreach (var job in jobs)
        {
            _ = ServeUntilStoppedAsync(job);
        }
    }

    /// <summary>Starts to wait for the jobs.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="runner">Runs them.</param>
    /// <param name="lease">Decides which replica does.</param>
    /// <param name="time">The clock.</param>
    public static CronScheduler Start(IReadOnlyList<CronJob> jobs, CronRunner runner, ICronLease lease, TimeProvider time) =>
        new(jobs, runner, lease, time);

    /// <summary>Runs nothing any more; runs that go on are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task ServeUntilStoppedAsync(CronJob job)
    {
        try
        {
            await ServeAsync(job);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task ServeAsync(CronJob job)
    {
        var run = Task.CompletedTask;
        var due = job.Timing.Next(_time.GetUtcNow());
        while (due is { } time)
        {
            await WaitAsync(time);
            if (run.IsCompleted)
            {
                run = RunAsync(job, time);
            }
            else
            {
                _runner.Skip(job);
            }

            // A clock that was set back must not make the same time due twice, one that stood still not all that passed.
            var now = _time.GetUtcNow();
            due = job.Timing.Next(now > time ? now : time);
        }

        await run;
    }

    private async Task WaitAsync(DateTimeOffset due)
    {
        for (var wait = due - _time.GetUtcNow(); wait > TimeSpan.Zero; wait = due - _time.GetUtcNow())
        {
            await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, _stopped);
        }

        _stopped.ThrowIfCancellationRequested();
    }

    private async Task RunAsync(CronJob job, DateTimeOffset due)
    {
        try
        {
            if (await _lease.TryAcquireAsync(job.Name, due, _stopped) is { } held)
            {
                await using (held)
                {
                    await _runner.RunAsync(job, _stopped);
                }
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The host ends.
        }
        catch (Exception error)
        {
            // Justification: the root of a background task. One run's failure must not end the job's schedule.
            _runner.Fail(job, error);
        }
    }
}
