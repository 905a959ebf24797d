namespace Bridge.Core.PubSub;

/// <summary>A message that is being handled, and its lease. Thread: any; its lease has one keeper.</summary>
/// <param name="delivery">The message; its lease has just begun.</param>
/// <param name="time">The clock of the lease.</param>
internal sealed class Flight(Delivery delivery, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _waitsSince = time.GetTimestamp();
    private TimeSpan? _wait = delivery.Lease / 2;
    private Extension? _extension;
    private bool _isEnding;

    /// <summary>The message.</summary>
    public Delivery Delivery { get; } = delivery;

    /// <summary>Asks for the lease anew where half of it is over, and where that failed, a sixth of it after that. Whoever waits for nothing calls this often.</summary>
    /// <param name="failed">Is told of a failure. It doesn't throw.</param>
    public async Task KeepLeaseAsync(Action<Exception> failed)
    {
        Extension extension;
        lock (_lock)
        {
            if (_isEnding || _extension is not null || _wait is null || time.GetElapsedTime(_waitsSince) < _wait)
            {
                return;
            }

            _extension = extension = new Extension();
        }

        var begun = time.GetTimestamp();
        var wait = Delivery.Lease / 2;
        try
        {
            await Delivery.ExtendAsync(extension.Cancellation);
        }
        catch (OperationCanceledException) when (extension.Cancellation.IsCancellationRequested)
        {
            // The delivery ends: its lease is of no use any more.
        }
        catch (Exception error)
        {
            // Justification: whatever a broker's client throws, the handler goes on; at worst the message comes a second time.
            failed(error);
            begun = time.GetTimestamp();
            wait = error is BrokerException { IsTransient: false } ? null : Delivery.Lease / 6;
        }

        lock (_lock)
        {
            (_waitsSince, _wait, _extension) = (begun, wait, null);
        }

        extension.End();
    }

    /// <summary>Ends the keeping of the lease, and waits for the broker's part in it: of a delivery, one thing happens at a time.</summary>
    public ValueTask EndLeaseAsync()
    {
        Extension? extension;
        lock (_lock)
        {
            _isEnding = true;
            extension = _extension;
        }

        return extension is null ? ValueTask.CompletedTask : extension.CancelAsync();
    }

#pragma warning disable CA1001 // Justification: a source without a timer and a wait handle holds nothing to dispose of.
    private sealed class Extension
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Cancellation => _cancellation.Token;

        public void End() => _ended.SetResult();

        public async ValueTask CancelAsync()
        {
            await _cancellation.CancelAsync();
            await _ended.Task;
        }
    }
}
