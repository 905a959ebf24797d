namespace Bridge.Core.PubSub;

/// <summary>
/// Ends waits that have become too long: one timer for all that begin within a second, since a timer for each would cost more than what they wait
/// for. Thread: any.
/// </summary>
/// <param name="time">How long each may last; up to a second more.</param>
/// <param name="clock">The clock.</param>
internal sealed class SharedPatience(TimeSpan time, TimeProvider clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private CancellationToken _token;
    private long _since;

    /// <summary>A token that is cancelled once a wait that begins now has become too long.</summary>
    public CancellationToken Next()
    {
        lock (_lock)
        {
            if (!_token.CanBeCanceled || clock.GetElapsedTime(_since) >= Step)
            {
                _since = clock.GetTimestamp();
#pragma warning disable CA2000 // Justification: others hold its token until it is cancelled, and then it holds nothing.
                _token = new CancellationTokenSource(time + Step, clock).Token;
#pragma warning restore CA2000
            }

            return _token;
        }
    }
}
