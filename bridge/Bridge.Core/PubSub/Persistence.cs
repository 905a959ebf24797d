namespace Bridge.Core.PubSub;

/// <summary>Asks a broker again for what may go well later and can't do harm twice. Thread: any.</summary>
public static class Persistence
{
    private const int MaxTries = 7;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a call, again after each failure that may pass, for some 6 s.</summary>
    /// <param name="call">The call; it throws <see cref="BrokerException"/>.</param>
    /// <param name="mayRepeat">Whether a failure allows for another try.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What the call returned.</returns>
    /// <exception cref="BrokerException">The last failure.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> call, Func<BrokerException, bool> mayRepeat, TimeProvider time, CancellationToken cancellation)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (BrokerException error) when (attempt < MaxTries && mayRepeat(error))
            {
                await Task.Delay(pause, time, cancellation);
                pause *= 2;
            }
        }
    }
}
