using Bridge.Core.PubSub;

namespace Bridge.Sqs;

/// <summary>Tries again what may go well later and can't do harm twice.</summary>
internal static class Persistence
{
    private const int MaxTries = 7;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a call, again after each failure that may pass, for some 6 s.</summary>
    /// <param name="call">The call; it throws <see cref="BrokerException"/>.</param>
    /// <param name="mayRepeat">Whether a failure allows for another try.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="cancellation">Ends it.</param>
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
