using Bridge.Core.PubSub;
using Bridge.GooglePubSub.DeadLetters;
using Bridge.GooglePubSub.Protocol;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>
/// Receives a subscription's messages by a stream that lets no more come than are handled at a time. Messages of a key are handed out one after
/// the other, also where the service sends several.
/// </summary>
internal sealed partial class GoogleSource : IMessageSource
{
    // What the service is given to take messages back: those that it doesn't learn of come again once their deadlines are over.
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(3);

    private readonly SubscriptionLink _link;
    private readonly int _limit;
    private readonly Lock _lock = new();
    private readonly HeldMessages _held = new();
    private readonly HashSet<Task> _background = [];
    private readonly CancellationTokenSource _end = new();
    private PullStream? _stream;
    private TaskCompletionSource? _changed;
    private BrokerException? _refusal;
    private Task? _disposal;
    private int _deferred;
    private bool _isWanted;

    /// <param name="link">The subscription at the service.</param>
    /// <param name="dead">Its dead letters.</param>
    /// <param name="subscription">The subscription.</param>
    public GoogleSource(SubscriptionLink link, GoogleDeadLetters dead, BrokerSubscription subscription)
    {
        _link = link;
        Dead = dead;
        _limit = subscription.MaxConcurrency > 0 ? subscription.MaxConcurrency : SubscriptionRunner.UnboundedConcurrency;
        Lease = subscription.AckDeadline < SubscriptionLink.MaxDeadline ? subscription.AckDeadline : SubscriptionLink.MaxDeadline;
        Track(KeepLeasesAsync());
    }

    /// <summary>How long a message is this process's own without a word.</summary>
    public TimeSpan Lease { get; }

    /// <summary>The subscription's dead letters.</summary>
    public GoogleDeadLetters Dead { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposal is not null, this);
                _isWanted = true;
                if (_held.HasReady && Take(max) is { Count: > 0 } deliveries)
                {
                    return deliveries;
                }

                if (_refusal is { } refusal)
                {
                    _refusal = null;
                    throw refusal;
                }

                _stream ??= Open();
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await changed.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                StopWanting();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= Task.Run(EndAsync));
        }
    }

    private async Task EndAsync()
    {
        StopWanting();
        await _end.CancelAsync();
        List<HeldMessage> unfinished;
        lock (_lock)
        {
            unfinished = [.. _held.All().SelectMany(_held.Break)];
        }

        GiveBack(unfinished);
        await Task.WhenAny(WhenIdleAsync(), Task.Delay(EndingTime, _link.Connection.Time));
    }

    private async Task WhenIdleAsync()
    {
        while (Background() is { Length: > 0 } tasks)
        {
            await Task.WhenAll(tasks);
        }
    }

    private Task[] Background()
    {
        lock (_lock)
        {
            return [.. _background];
        }
    }

    // Thread: under the lock.
    private List<Delivery> Take(int max)
    {
        var taken = new List<Delivery>();
        while (taken.Count < max && _held.TryTake(out var held))
        {
            taken.Add(new GoogleDelivery(this, held)
            {
                MessageId = held.Message.MessageId,
                Attempt = _link.Attempts.Next(held.Message.MessageId, held.CountedAttempt),
                PublishedAt = held.Message.PublishTime.ToDateTimeOffset(),
                Body = held.Message.Data.Memory,
                Attributes = DeadLetterAttributes.WithoutAddressee(held.Message.Attributes),
            });
        }

        return taken;
    }

    // Thread: under the lock.
    private PullStream Open()
    {
        var stream = new PullStream(_link, Lease, _limit, Accept);
        Track(WatchAsync(stream));
        return stream;
    }

    /// <summary>Takes note of a stream's end.</summary>
    private async Task WatchAsync(PullStream stream)
    {
        var refusal = await stream.Ended;
        lock (_lock)
        {
            if (_stream == stream)
            {
                _stream = null;
                _refusal = _isWanted ? refusal : null;
                Signal();
            }
        }
    }

    private void Accept(IReadOnlyList<ReceivedMessage> messages)
    {
        var foreign = messages.Where(message => !DeadLetterAttributes.IsFor(message.Message.Attributes, _link.Path)).ToList();
        bool isWanted;
        lock (_lock)
        {
            isWanted = _isWanted;
            if (isWanted)
            {
                foreach (var message in messages.Except(foreign))
                {
                    _held.Add(message);
                }

                Signal();
            }
        }

        foreign.ForEach(message => Track(QuietlyAsync(_link.AcknowledgeAsync(message.AckId, CancellationToken.None))));
        var own = messages.Except(foreign).Select(message => message.AckId).ToList();
        if (!isWanted)
        {
            Track(QuietlyAsync(_link.GiveBackAsync(own, CancellationToken.None)));
        }
        else if (Lease < PullStream.MinDeadline)
        {
            // Streams know no shorter one.
            own.ForEach(ackId => Track(QuietlyAsync(_link.DeferAsync(ackId, Lease, CancellationToken.None))));
        }
    }

    private void StopWanting()
    {
        List<HeldMessage> ready;
        lock (_lock)
        {
            _isWanted = false;
            ready = _held.BreakReady();
            Replace(null);
        }

        GiveBack(ready);
    }

    // Thread: under the lock.
    private void Replace(PullStream? next)
    {
        if (_stream is { } old)
        {
            Track(old.CloseAsync());
        }

        _stream = next;
        _deferred = 0;
    }

    private void GiveBack(List<HeldMessage> messages)
    {
        foreach (var message in messages.Where(message => message.IsOut))
        {
            _link.Attempts.Undo(message.Message.MessageId);
        }

        if (messages.Count > 0)
        {
            Track(QuietlyAsync(_link.GiveBackAsync(messages.Select(message => message.AckId), CancellationToken.None)));
        }
    }

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            // Justification: the caller has begun it for this alone.
#pragma warning disable VSTHRD003
            await task;
#pragma warning restore VSTHRD003
        }
        catch (Exception error) when (error is BrokerException or ObjectDisposedException or OperationCanceledException)
        {
            // The message comes again by itself once its deadline is over.
        }
    }

    private void Track(Task task)
    {
        lock (_lock)
        {
            _background.Add(task);
        }

        _ = task.ContinueWith(
            ended =>
            {
                lock (_lock)
                {
                    _background.Remove(ended);
                }
            },
            TaskScheduler.Default);
    }

    // Thread: under the lock.
    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
