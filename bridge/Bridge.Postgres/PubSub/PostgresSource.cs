using System.Collections.Concurrent;
using Bridge.Core.PubSub;

namespace Bridge.Postgres.PubSub;

/// <summary>A subscription's messages, as this process leases them.</summary>
internal sealed partial class PostgresSource : IMessageSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // How often to look where no notification can arrive.
    private static readonly TimeSpan DeafPollInterval = TimeSpan.FromSeconds(1);

    private readonly BrokerConnections _connections;
    private readonly WakeUps _wakeUps;
    private readonly ReceiveStatement _statement;
    private readonly TimeSpan _pollInterval;
    private readonly Signal _signal = new();
    private readonly ConcurrentDictionary<PostgresDelivery, bool> _held = new();
    private readonly BrokerTopic _topic;
    private readonly int _topicNumber;
    private bool _isDisposed;
    private Task _givingBack = Task.CompletedTask;

    internal PostgresSource(SourcePlace place, BrokerConnections connections, BrokerSchema schema, WakeUps wakeUps, TimeSpan pollInterval)
    {
        (Subscription, Number, _topic, _topicNumber) = place;
        (_connections, _wakeUps, _pollInterval) = (connections, wakeUps, pollInterval);
        _statement = new ReceiveStatement(schema, _topic.IsOrdered);
        _settle = new SettleStatements(schema);
        _settling = new Batcher<Settlement>(MaxSettlements, long.MaxValue, static _ => 0, SettleAllAsync);
    }

    /// <summary>The subscription.</summary>
    internal BrokerSubscription Subscription { get; }

    /// <summary>The subscription's number.</summary>
    internal int Number { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        for (var pause = FirstPause; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var (deliveries, nextDue) = await LeaseAsync(max, cancellation).ConfigureAwait(false);
                if (deliveries.Count > 0)
                {
                    return deliveries;
                }

                pause = FirstPause;
                await _signal.WaitAsync(Patience(nextDue), cancellation).ConfigureAwait(false);
            }
            catch (BrokerException exception) when (exception.IsTransient)
            {
                await _signal.WaitAsync(pause, cancellation).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>There may be messages.</summary>
    internal void Wake() => _signal.Set();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _wakeUps.Remove(this);
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // Justification: it is this object's own task, on the thread pool.
#pragma warning disable VSTHRD003
        await _givingBack.ConfigureAwait(false);
#pragma warning restore VSTHRD003
        await GiveBackAsync([.. _held.Keys]).ConfigureAwait(false);
        await _settling.WhenIdleAsync().ConfigureAwait(false);
    }

    private TimeSpan Patience(TimeSpan? nextDue)
    {
        var interval = _wakeUps.IsListening || _pollInterval < DeafPollInterval ? _pollInterval : DeafPollInterval;
        return nextDue is { } due && due < interval ? (due > TimeSpan.Zero ? due : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1) : interval;
    }

    /// <summary>Leases messages. A lease that comes when nobody waits any more is given back.</summary>
    private async Task<(List<Delivery> Deliveries, TimeSpan? NextDue)> LeaseAsync(int max, CancellationToken cancellation)
    {
        var leasing = _connections.UseAsync(
            $"receive from the subscription {Subscription.Name}",
            (connection, _) => _statement.RunAsync(this, connection, _topic.Guarantee == DeliveryGuarantee.ExactlyOnce, max, CancellationToken.None),
            CancellationToken.None);
        try
        {
            var leased = await leasing.WaitAsync(cancellation).ConfigureAwait(false);
            Hold(leased.Deliveries);
            return leased;
        }
        catch (OperationCanceledException)
        {
            _givingBack = GiveBackAsync(leasing);
            throw;
        }
    }

    private void Hold(List<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            _held[(PostgresDelivery)delivery] = true;
        }
    }

    private static async Task GiveBackAsync(Task<(List<Delivery> Deliveries, TimeSpan? NextDue)> leasing)
    {
        try
        {
            // Justification: it is this object's own task, which nobody waits for any more.
#pragma warning disable VSTHRD003
            var (deliveries, _) = await leasing.ConfigureAwait(false);
#pragma warning restore VSTHRD003
            await GiveBackAsync([.. deliveries.Cast<PostgresDelivery>()]).ConfigureAwait(false);
        }
        catch (BrokerException)
        {
            // There is no lease, or it ends by itself.
        }
    }
}

/// <summary>Where a source's messages are.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Number">Its number.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="TopicNumber">The topic's number.</param>
internal sealed record SourcePlace(BrokerSubscription Subscription, int Number, BrokerTopic Topic, int TopicNumber);
