using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Receiving;

/// <content>What becomes of a message.</content>
internal sealed partial class GoogleSource
{
    /// <summary>A message is handled.</summary>
    public async Task AcknowledgeAsync(HeldMessage held, CancellationToken cancellation)
    {
        try
        {
            await _link.AcknowledgeAsync(AckIdOf(held), cancellation);
        }
        catch
        {
            // Justification: nothing is handled. The message comes again, and must not be taken for one that is still in hand.
            Abandon(held);
            throw;
        }

        lock (_lock)
        {
            _held.End(held);
            Signal();
        }
    }

    /// <summary>A message comes again after a while.</summary>
    public async Task RetryAsync(HeldMessage held, TimeSpan delay, CancellationToken cancellation)
    {
        if (held.Key.Length > 0)
        {
            PutAside(held, delay);
            return;
        }

        if (delay < TimeSpan.FromSeconds(1))
        {
            // Deadlines are whole seconds.
            await Task.Delay(delay, _link.Connection.Time, cancellation);
            delay = TimeSpan.Zero;
        }

        var ackId = AckIdOf(held);
        lock (_lock)
        {
            _held.End(held);
            Defer(delay);
        }

        await _link.DeferAsync(ackId, delay, cancellation);
    }

    /// <summary>Nobody knows what became of a message: it and those behind it come again.</summary>
    public void Abandon(HeldMessage held)
    {
        List<HeldMessage> broken;
        lock (_lock)
        {
            broken = _held.Break(held);
            Signal();
        }

        held.IsOut = false;
        GiveBack(broken);
    }

    /// <summary>A message wasn't begun.</summary>
    public async Task ReleaseAsync(HeldMessage held, CancellationToken cancellation)
    {
        List<HeldMessage> broken;
        lock (_lock)
        {
            broken = _held.Break(held);
            Signal();
        }

        if (broken.Count > 0)
        {
            _link.Attempts.Undo(held.Message.MessageId);
            await _link.GiveBackAsync(broken.Select(message => message.AckId), cancellation);
        }
    }

    /// <summary>A message takes its time.</summary>
    public Task ExtendAsync(HeldMessage held, CancellationToken cancellation) => _link.DeferAsync(AckIdOf(held), Lease, cancellation);

    private string AckIdOf(HeldMessage held)
    {
        lock (_lock)
        {
            return held.AckId;
        }
    }

    /// <summary>
    /// Counts a message that is neither acknowledged nor given back: to the stream it is still out, and would keep others from coming. Past half of
    /// what may be out, a new stream begins to count anew.
    /// </summary>
    private void Defer(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero && ++_deferred > _limit / 2 && _isWanted)
        {
            Replace(Open());
        }
    }

    /// <summary>A message of a key waits here for its next attempt, and those behind it with it: the service would send these meanwhile.</summary>
    private void PutAside(HeldMessage held, TimeSpan delay)
    {
        lock (_lock)
        {
            held.IsOut = false;
            held.CountedAttempt = 0;
        }

        Track(ReturnLaterAsync(held, delay));
    }

    private async Task ReturnLaterAsync(HeldMessage held, TimeSpan delay)
    {
        try
        {
            await ExtendAsync(held, CancellationToken.None);
            await Task.Delay(delay, _link.Connection.Time, _end.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (BrokerException)
        {
            // Its lease may be over: then it comes under a new name, and is handed out all the same.
        }

        List<HeldMessage> broken = [];
        lock (_lock)
        {
            if (_isWanted)
            {
                _held.MakeReady(held);
                Signal();
            }
            else
            {
                broken = _held.Break(held);
            }
        }

        GiveBack(broken);
    }

    /// <summary>Keeps the leases of messages that aren't handed out.</summary>
    private async Task KeepLeasesAsync()
    {
        using var timer = new PeriodicTimer(Lease / 3, _link.Connection.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                string[] ackIds;
                lock (_lock)
                {
                    ackIds = [.. _held.Waiting().Select(message => message.AckId)];
                }

                await Task.WhenAll(ackIds.Select(ackId => QuietlyAsync(_link.DeferAsync(ackId, Lease, CancellationToken.None))));
            }
        }
        catch (OperationCanceledException)
        {
            // The source has ended.
        }
    }
}
