using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>
/// A subscription's messages from all nsqd processes: over one connection to each for the topic, and one for what is replayed. Thread: any.
/// </summary>
internal sealed partial class NsqSource : IMessageSource
{
    // Replayed messages are few, and aren't to take the place of the topic's.
    private const int MaxReplayed = 10;

    private readonly Lock _lock = new();
    // Without being asked again for so long, a receiver is taken to be busy: nsqd is told to give messages to others.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private readonly Timer _resting;
    private readonly Queue<Arrival> _arrivals = new();
    private readonly HashSet<NsqDelivery> _handed = [];
    private readonly Dictionary<(string Address, string Topic), NsqLink> _links = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SubscriptionNames _names;
    private readonly NsqFleet _fleet;
    private readonly TimeSpan _lease;
    private readonly Task _discovering;
    private readonly Task _touching;
    private TaskCompletionSource? _arrival;
    private BrokerException? _refusal;
    private int _wanted;
    private bool _isEnded;

    /// <summary>Begins to connect.</summary>
    public NsqSource(SubscriptionNames names, BrokerSubscription subscription, NsqFleet fleet)
    {
        _names = names;
        _fleet = fleet;
        _lease = subscription.AckDeadline < fleet.Options.MaxLease ? subscription.AckDeadline : fleet.Options.MaxLease;
        _resting = new Timer(_ => RestIfUnasked(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _discovering = DiscoverAsync();
        _touching = TouchAsync();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                Task arrival;
                lock (_lock)
                {
                    ObjectDisposedException.ThrowIf(_isEnded, this);
                    if (Take(max) is { Count: > 0 } deliveries)
                    {
                        _resting.Change(Linger, Timeout.InfiniteTimeSpan);
                        return deliveries;
                    }

                    if (_refusal is { } refusal)
                    {
                        _refusal = null;
                        throw refusal;
                    }

                    Ask(max);
                    arrival = (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                await arrival.WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody may ask again for long: what has come is for others.
            lock (_lock)
            {
                GiveBack();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NsqLink[] links;
        lock (_lock)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
            GiveBack();
            foreach (var delivery in _handed)
            {
                Say(delivery.Connection, NsqCommands.Requeue(delivery.NsqId, TimeSpan.Zero));
            }

            _handed.Clear();
            links = [.. _links.Values];
            _links.Clear();
            Announce();
        }

        await _resting.DisposeAsync();
        await _ended.CancelAsync();
#pragma warning disable VSTHRD003 // Justification: they are this object's own, begun by its constructor.
        await Task.WhenAll(_discovering, _touching);
#pragma warning restore VSTHRD003
        await Task.WhenAll(links.Select(link => link.DisposeAsync().AsTask()));
        _ended.Dispose();
    }

    /// <summary>Tells nsqd what becomes of a message.</summary>
    /// <exception cref="BrokerException">The connection has ended: the message comes again.</exception>
    public Task SettleAsync(NsqDelivery delivery, byte[] command)
    {
        lock (_lock)
        {
            if (!_handed.Remove(delivery))
            {
                // After the end it has been given back.
                return Task.FromException(NsqErrors.Closed(delivery.Connection.Address));
            }

            delivery.Connection.Unanswered--;
            return delivery.Connection.SayAsync(command);
        }
    }

    /// <summary>A message comes again after a while, or as late as nsqd can.</summary>
    public Task RequeueAsync(NsqDelivery delivery, TimeSpan delay) =>
        SettleAsync(delivery, NsqCommands.Requeue(delivery.NsqId, delay < _fleet.Options.MaxDelay ? delay : _fleet.Options.MaxDelay));

    /// <summary>A message is given up: first it is in the dead-letter topic, then nsqd forgets it here.</summary>
    public async Task DeadLetterAsync(NsqDelivery delivery, DeadLetterReason reason, CancellationToken cancellation)
    {
        var envelope = new NsqEnvelope
        {
            Id = delivery.MessageId,
            Attributes = delivery.Attributes,
            Body = delivery.Body,
            Dead = new NsqObituary { Attempts = delivery.Attempt, PublishedAt = delivery.PublishedAt, DiedAt = DateTimeOffset.UtcNow, Reason = reason },
        };
        await _fleet.PublishAsync(NsqCommands.Publish(_names.Dead, envelope.Write()), cancellation);
        await SettleAsync(delivery, NsqCommands.Finish(delivery.NsqId));
    }

    private void Receive(NsqConnection connection, NsqMessage message)
    {
        lock (_lock)
        {
            if (_isEnded)
            {
                Say(connection, NsqCommands.Requeue(message.Id, TimeSpan.Zero));
                return;
            }

            connection.Unanswered++;
            _arrivals.Enqueue(new Arrival(connection, message));
            Announce();
        }
    }

    private void Refuse(BrokerException refusal)
    {
        lock (_lock)
        {
            _refusal = refusal;
            Announce();
        }
    }

    private List<Delivery> Take(int max)
    {
        var deliveries = new List<Delivery>(Math.Min(max, _arrivals.Count));
        while (deliveries.Count < max && _arrivals.TryDequeue(out var arrival))
        {
            // Over a connection that has ended nothing can be said of it, and after its lease it is another's: it comes again.
            if (!arrival.Connection.IsEnded && !arrival.IsOver)
            {
                deliveries.Add(Hand(arrival));
            }
        }

        if (deliveries.Count > 0)
        {
            _wanted = 0;
        }

        return deliveries;
    }

    private NsqDelivery Hand(Arrival arrival)
    {
        var message = arrival.Message;
        var envelope = NsqEnvelope.Parse(message.Body);
        var delivery = new NsqDelivery(this, arrival.Connection, message.Id)
        {
            MessageId = envelope.Id ?? message.Id,
            Attempt = message.Attempt,
            PublishedAt = message.PublishedAt,
            Body = envelope.Body,
            Attributes = envelope.Attributes,
        };
        _handed.Add(delivery);

        // Whoever has it now counts its lease from now.
        if (arrival.SinceTouched > arrival.Lease / 8)
        {
            Say(arrival.Connection, NsqCommands.Touch(message.Id));
        }

        return delivery;
    }

    private void Announce()
    {
        var arrival = _arrival;
        _arrival = null;
        arrival?.TrySetResult();
    }

    // Where the connection has ended there is nobody to hear it, and nothing to do about that.
    private static void Say(NsqConnection connection, byte[] command) =>
        _ = connection.SayAsync(command).ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
