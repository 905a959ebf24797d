using System.Text;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>
/// A member of a subscription's group. Reads the topic and the subscription's retry topic ahead, within bounds; hands records out, those of
/// one key one after another; and commits what is done up to the first record that isn't.
/// </summary>
/// <remarks>
/// A record whose handler failed goes to the retry topic, where it waits without keeping others. A record with an ordering key waits here
/// instead, with the later ones of its key behind it: its attempts are this process's to count, and begin anew with another.
/// </remarks>
internal sealed partial class KafkaSource : IMessageSource
{
    // Records read ahead of those that are asked for.
    private const int MaxReady = 512;
    private const long MaxReadyBytes = 16 * 1024 * 1024;

    // After a record couldn't be written to the dead letters.
    private static readonly TimeSpan SettlingPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<WindowEntry> _ready = new();
    private readonly PriorityQueue<WindowEntry, long> _due = new();
    private readonly HashSet<WindowEntry> _handed = [];
    private readonly SubscriptionNames _names;
    private readonly BrokerSubscription _subscription;
    private readonly bool _isOrdered;
    private readonly KafkaClients _clients;
    private readonly KafkaSender _sender;
    private long _readyBytes;
    private TaskCompletionSource? _arrival;
    private BrokerException? _refusal;
    private bool _isStopping;

    /// <summary>Joins the subscription's group.</summary>
    public KafkaSource(SubscriptionNames names, BrokerSubscription subscription, bool isOrdered, KafkaClients clients, KafkaSender sender)
    {
        _names = names;
        _subscription = subscription;
        _isOrdered = isOrdered;
        _clients = clients;
        _sender = sender;
        _consumer = Join();
        _pump = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task arrival;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isStopping, this);
                if (Take(max) is { Count: > 0 } deliveries)
                {
                    return deliveries;
                }

                if (_refusal is { } refusal)
                {
                    _refusal = null;
                    throw refusal;
                }

                arrival = (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await arrival.WaitAsync(cancellation);
        }
    }

    /// <summary>A record is handled.</summary>
    public void Finish(WindowEntry entry, int handing)
    {
        lock (_lock)
        {
            if (TakeBack(entry, handing))
            {
                End(entry);
            }
        }
    }

    /// <summary>A record comes again after a while, as the next attempt.</summary>
    public async Task RetryAsync(WindowEntry entry, int handing, Delivery delivery, TimeSpan delay, CancellationToken cancellation)
    {
        if (entry.Key is null && await TrySendAsync(_names.Retry, RetryOf(delivery, delay), cancellation))
        {
            Finish(entry, handing);
            return;
        }

        // Its key's order needs it here; or the cluster can't take it now, and it waits here just as well.
        lock (_lock)
        {
            if (TakeBack(entry, handing))
            {
                entry.Attempt++;
                WaitFor(entry, delay);
            }
        }
    }

    /// <summary>A record is given up: first it is in the dead-letter topic, then it is done here.</summary>
    public async Task DeadLetterAsync(WindowEntry entry, int handing, Delivery delivery, DeadLetterReason reason, CancellationToken cancellation)
    {
        var notes = new RecordNotes
        {
            MessageId = delivery.MessageId,
            PublishedAt = delivery.PublishedAt,
            Attempt = delivery.Attempt,
            Reason = reason,
            DiedAt = DateTimeOffset.UtcNow,
        };
        try
        {
            // Named by its place: should this process end before the commit, the second burial replaces the first.
            await _sender.SendAsync(_names.Dead, MessageOf(Encoding.UTF8.GetBytes(entry.Place), delivery.Body, notes.ToHeaders(delivery.Attributes)), cancellation);
        }
        catch
        {
            lock (_lock)
            {
                if (TakeBack(entry, handing))
                {
                    WaitFor(entry, SettlingPause);
                }
            }

            throw;
        }

        Finish(entry, handing);
    }

    /// <summary>A record wasn't begun and comes again at once.</summary>
    public void Release(WindowEntry entry, int handing)
    {
        lock (_lock)
        {
            if (TakeBack(entry, handing))
            {
                MakeReady(entry);
            }
        }
    }

    /// <summary>A record's lease begins anew.</summary>
    public void Extend(WindowEntry entry, int handing)
    {
        lock (_lock)
        {
            if (entry.State == EntryState.Handed && entry.Handing == handing)
            {
                entry.LeasedUntil = Environment.TickCount64 + (long)_subscription.AckDeadline.TotalMilliseconds;
            }
        }
    }

    private async Task<bool> TrySendAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellation)
    {
        try
        {
            await _sender.SendAsync(topic, message, cancellation);
            return true;
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static Message<byte[], byte[]> RetryOf(Delivery delivery, TimeSpan delay)
    {
        var notes = new RecordNotes
        {
            MessageId = delivery.MessageId,
            PublishedAt = delivery.PublishedAt,
            Attempt = delivery.Attempt + 1,
            DueAt = DateTimeOffset.UtcNow + delay,
        };
        return MessageOf(key: null, delivery.Body, notes.ToHeaders(delivery.Attributes));
    }

    private static Message<byte[], byte[]> MessageOf(byte[]? key, ReadOnlyMemory<byte> body, Headers headers) =>
        new() { Key = key!, Value = body.ToArray(), Headers = headers };

    /// <summary>Hands out what is ready.</summary>
    private List<Delivery> Take(int max)
    {
        var deliveries = new List<Delivery>(Math.Min(max, _ready.Count));
        while (deliveries.Count < max && _ready.TryDequeue(out var entry))
        {
            _readyBytes -= entry.Size;
            if (entry.Window.Allows(entry))
            {
                deliveries.Add(Hand(entry));
            }
        }

        _room.Set();
        return deliveries;
    }

    private KafkaDelivery Hand(WindowEntry entry)
    {
        entry.State = EntryState.Handed;
        entry.Handing++;
        _handed.Add(entry);
        Extend(entry, entry.Handing);
        var message = entry.Message!;
        return new KafkaDelivery(this, entry, entry.Handing, _subscription.AckDeadline)
        {
            MessageId = entry.MessageId,
            Attempt = entry.Attempt,
            PublishedAt = entry.PublishedAt,
            Body = message.Value ?? [],
            Attributes = RecordNotes.AttributesOf(message.Headers, entry.Notes is not null),
        };
    }

    /// <summary>Ends a handing out.</summary>
    /// <returns>Whether something is to become of the record: it is still this process's, and the handing out the latest.</returns>
    private bool TakeBack(WindowEntry entry, int handing)
    {
        if (entry.State != EntryState.Handed || entry.Handing != handing)
        {
            return false;
        }

        _handed.Remove(entry);
        if (entry.Window.IsGone)
        {
            entry.End();
            return false;
        }

        return true;
    }

    private void MakeReady(WindowEntry entry)
    {
        entry.State = EntryState.Ready;
        _ready.Enqueue(entry);
        _readyBytes += entry.Size;
        Announce();
    }

    private void WaitFor(WindowEntry entry, TimeSpan delay)
    {
        entry.Window.BeginIdle(entry, EntryState.Waiting);
        _due.Enqueue(entry, Environment.TickCount64 + (long)delay.TotalMilliseconds);
    }

    private void End(WindowEntry entry)
    {
        if (entry.Window.End(entry) is { } next)
        {
            next.Window.EndIdle(next);
            MakeReady(next);
        }
    }

    private void Announce()
    {
        var arrival = _arrival;
        _arrival = null;
        arrival?.TrySetResult();
    }
}
