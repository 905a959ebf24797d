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
    private readonly Queue<Arrival> _arrivals = new();
    private readonly HashSet<NsqDelivery> _handed = [];
    private readonly Dictionary<(string Address, string Topic), NsqLink> _links = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SubscriptionNames _names;
    private readonly NsqFleet _fleet;
    private readonly TimeSpan _lease;
    private readonly int _limit;
    private readonly Task _discovering;
    private readonly Task _touching;
    private TaskCompletionSource? _arrival;
    private BrokerException? _refusal;
    private bool _isAsking;
    private bool _isEnded;

    /// <summary>Begins to connect.</summary>
    public NsqSource(SubscriptionNames names, BrokerSubscription subscription, NsqFleet fleet)
    {
        _names = names;
        _fleet = fleet;
        _limit = subscription.MaxConcurrency > 0 ? subscription.MaxConcurrency : SubscriptionRunner.UnboundedConcurrency;
        _lease = subscription.AckDeadline < fleet.Options.MaxLease ? subscription.AckDeadline : fleet.Options.MaxLease;
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
                    Ask();
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
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody may ask again for long: what has come is for others.
            lock (_lock)
            {
                Rest();
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
            Rest();
            foreach (var delivery in _handed)
            {
                Say(delivery.Connection, NsqCommands.Requeue(delivery.NsqId, TimeSpan.Zero));
            }

            _handed.Clear();
            links = [.. _links.Values];
            _links.Clear();
            Announce();
        }

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
            // After the end it has been given back.
            return _handed.Remove(delivery) ? delivery.Connection.SayAsync(command) : Task.FromException(NsqErrors.Closed(delivery.Connection.Address));
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
            if (!_isAsking)
            {
                Say(connection, NsqCommands.Requeue(message.Id, TimeSpan.Zero));
                return;
            }

            _arrivals.Enqueue(new Arrival(connection, message, Environment.TickCount64));
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
            // Over a connection that has ended nothing can be said of it: it comes again.
            if (!arrival.Connection.IsEnded)
            {
                deliveries.Add(Hand(arrival));
            }
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
        if (Environment.TickCount64 - arrival.At > arrival.Connection.Identity.LeaseMilliseconds / 8)
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

    /// <summary>A message that nobody has taken yet.</summary>
    private readonly record struct Arrival(NsqConnection Connection, NsqMessage Message, long At);
}
