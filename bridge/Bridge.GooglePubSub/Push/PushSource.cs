using Bridge.Core.PubSub;
using Bridge.GooglePubSub.DeadLetters;
using Bridge.GooglePubSub.Receiving;

namespace Bridge.GooglePubSub.Push;

/// <summary>
/// A subscription's messages that requests bring. No more are taken than are handled at a time; one that comes a second time while it is in hand,
/// since the service's patience with the first request is over, waits for the same end.
/// </summary>
internal sealed class PushSource : IMessageSource
{
    // Messages that were handled when nobody listened any more: enough for every handler of a process, several times.
    private const int MaxUnheard = 10_000;

    private static readonly PushAnswer Away = new(PushOutcome.Away, "no messages of the subscription are handled here now");
    private static readonly PushAnswer Busy = new(PushOutcome.Busy, "as many messages as the subscription allows are being handled");

    private readonly string _path;
    private readonly int _limit;
    private readonly AttemptCounts _attempts = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PushDelivery> _held = new(StringComparer.Ordinal);
    private readonly Queue<PushDelivery> _ready = new();
    private readonly HashSet<string> _unheard = new(StringComparer.Ordinal);
    private readonly Queue<string> _unheardOrder = new();
    private TaskCompletionSource _changed = NewSignal();
    private bool _isEnded;

    /// <param name="path">The subscription's full name.</param>
    /// <param name="dead">Its dead letters.</param>
    /// <param name="subscription">The subscription.</param>
    public PushSource(string path, GoogleDeadLetters dead, BrokerSubscription subscription)
    {
        _path = path;
        Dead = dead;
        _limit = subscription.MaxConcurrency > 0 ? subscription.MaxConcurrency : SubscriptionRunner.UnboundedConcurrency;
    }

    /// <summary>The subscription's dead letters.</summary>
    public GoogleDeadLetters Dead { get; }

    /// <summary>Takes a message that a request has brought, and waits for its end.</summary>
    /// <param name="message">The message.</param>
    /// <param name="gone">Nobody waits for the answer any more.</param>
    public async Task<PushAnswer> TakeAsync(PushedMessage message, CancellationToken gone)
    {
        // A replayed message is for one subscription of the topic alone.
        if (!DeadLetterAttributes.IsFor(message.Attributes, _path))
        {
            return PushAnswer.Done;
        }

        if (Hold(message, out var delivery) is { } answer)
        {
            return answer;
        }

        try
        {
            return await delivery!.End.WaitAsync(gone);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                delivery!.Listeners--;
            }

            return Away;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task changed;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isEnded, this);
                if (_ready.Count > 0)
                {
                    var taken = new List<Delivery>();
                    while (taken.Count < max && _ready.TryDequeue(out var delivery))
                    {
                        taken.Add(delivery);
                    }

                    return taken;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>A message has ended, or comes again as the next attempt.</summary>
    public void Finish(PushDelivery delivery, PushAnswer answer)
    {
        lock (_lock)
        {
            if (_held.Remove(delivery.MessageId) && answer.Outcome == PushOutcome.Done && delivery.Listeners == 0 && _unheard.Add(delivery.MessageId))
            {
                _unheardOrder.Enqueue(delivery.MessageId);
                if (_unheardOrder.Count > MaxUnheard)
                {
                    _unheard.Remove(_unheardOrder.Dequeue());
                }
            }
        }

        delivery.Complete(answer);
    }

    /// <summary>A message wasn't begun.</summary>
    public void GiveBack(PushDelivery delivery)
    {
        _attempts.Undo(delivery.MessageId);
        Finish(delivery, Away);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        PushDelivery[] unfinished;
        lock (_lock)
        {
            _isEnded = true;
            unfinished = [.. _held.Values];
            Signal();
        }

        foreach (var delivery in unfinished)
        {
            GiveBack(delivery);
        }

        return ValueTask.CompletedTask;
    }

    /// <returns>The answer where there is nothing to wait for.</returns>
    private PushAnswer? Hold(PushedMessage message, out PushDelivery? delivery)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(message.Id, out delivery))
            {
                _attempts.Skip(message.Id);
                delivery.Listeners++;
                return null;
            }

            if (_unheard.Remove(message.Id))
            {
                return PushAnswer.Done;
            }

            if (_isEnded || _held.Count >= _limit)
            {
                _attempts.Skip(message.Id);
                return _isEnded ? Away : Busy;
            }

            delivery = NewDelivery(message);
            delivery.Listeners = 1;
            _held[message.Id] = delivery;
            _ready.Enqueue(delivery);
            Signal();
            return null;
        }
    }

    private PushDelivery NewDelivery(PushedMessage message) => new(this, message.Key)
    {
        MessageId = message.Id,
        Attempt = _attempts.Next(message.Id, message.CountedAttempt),
        PublishedAt = message.PublishedAt,
        Body = message.Data,
        Attributes = DeadLetterAttributes.WithoutAddressee(message.Attributes),
    };

    // Thread: under the lock.
    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
