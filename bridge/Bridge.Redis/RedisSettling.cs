using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Tells the server what becomes of a source's messages. Thread: any.</summary>
/// <remarks>
/// Messages that are handled in time, nearly all, end with one short script for many. All else is told apart message by message, each under the
/// lease that it was given under: of a lease that is over, nothing changes.
/// </remarks>
internal sealed class RedisSettling
{
    // A script holds the server up for as long as it runs.
    private const int MaxSettlements = 200;
    private const int MaxAcknowledged = 1000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // What the server is given to take messages back when the source ends; later their leases end by themselves.
    private static readonly TimeSpan GivingBackTime = TimeSpan.FromSeconds(5);

    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly BrokerSubscription _subscription;
    private readonly Action<TimeSpan> _retried;
    private readonly string _doing;
    private readonly Batcher<RedisSettlement> _batcher;
    private readonly HeldDeliveries _held = new();
    private int _ended;
    private volatile bool _isEnding;

    /// <param name="link">The connection.</param>
    /// <param name="names">The topic's keys.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="retried">Is told when a message comes due that waits for its next attempt.</param>
    internal RedisSettling(RedisLink link, RedisNames names, BrokerSubscription subscription, Action<TimeSpan> retried)
    {
        (_link, _names, _subscription, _retried) = (link, names, subscription, retried);
        _doing = $"settle messages of the subscription {subscription.Name}";
        _batcher = new Batcher<RedisSettlement>(MaxSettlements, long.MaxValue, static _ => 0, SettleAllAsync);
    }

    /// <summary>Messages have come.</summary>
    internal void Add(List<RedisDelivery> deliveries) => _held.Add(deliveries);

    /// <summary>Whether so many have ended since the last time that this was so.</summary>
    internal bool HaveEnded(int count) => Volatile.Read(ref _ended) >= count && Interlocked.Exchange(ref _ended, 0) > 0;

    /// <inheritdoc cref="IBatchedMessageSource.AcknowledgeAsync"/>
    internal async Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        var errors = new Exception?[deliveries.Count];
        var held = new List<RedisDelivery>(deliveries.Count);
        List<int> others = [];
        for (var at = 0; at < deliveries.Count; at++)
        {
            var delivery = (RedisDelivery)deliveries[at];
            if (delivery.IsSurelyHeld)
            {
                held.Add(delivery);
            }
            else
            {
                others.Add(at);
            }
        }

        if (held.Count > 0 && !await TryAcknowledgeAsync(held).ConfigureAwait(false))
        {
            others = [.. Enumerable.Range(0, deliveries.Count)];
        }

        if (others.Count > 0)
        {
            await Task.WhenAll(others.Select(async at => errors[at] = await AcknowledgeAsync(deliveries[at], cancellation).ConfigureAwait(false))).ConfigureAwait(false);
        }

        return errors;
    }

    /// <summary>Has the server take note; through losses of the connection too, since with a lease that is over nothing changes.</summary>
    /// <exception cref="BrokerException">The server refuses.</exception>
    internal async Task SettleAsync(RedisDelivery delivery, SettlementKind kind, TimeSpan time, DeadLetterReason? reason, CancellationToken cancellation)
    {
        var settlement = new RedisSettlement(delivery, kind, time, reason, cancellation);
        _batcher.Add(settlement);
        await settlement.Done.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (kind == SettlementKind.Extend)
        {
            return;
        }

        Forget(delivery);
        if (kind == SettlementKind.Retry)
        {
            _retried(time);
        }
    }

    /// <summary>From here on nothing is asked again that the server didn't hear.</summary>
    internal void Stop() => _isEnding = true;

    /// <summary>Gives back all that isn't dealt with, and waits for what is under way.</summary>
    internal async Task EndAsync()
    {
        await GiveBackAsync(_held.Snapshot()).ConfigureAwait(false);
        await _batcher.WhenIdleAsync().ConfigureAwait(false);
    }

    /// <summary>Gives messages back that nobody waits for any more.</summary>
    internal static async Task GiveBackAsync(IReadOnlyCollection<RedisDelivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(GivingBackTime);
        try
        {
            await Task.WhenAll(deliveries.Select(delivery => delivery.ReleaseAsync(patience.Token))).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is BrokerException or OperationCanceledException)
        {
            // Their leases end by themselves.
        }
    }

    private static async Task<Exception?> AcknowledgeAsync(Delivery delivery, CancellationToken cancellation)
    {
        try
        {
            await delivery.AcknowledgeAsync(cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is BrokerException or OperationCanceledException)
        {
            return exception;
        }
    }

    private async Task<bool> TryAcknowledgeAsync(List<RedisDelivery> held)
    {
        for (var begin = 0; begin < held.Count; begin += MaxAcknowledged)
        {
            var count = Math.Min(held.Count - begin, MaxAcknowledged);
            var arguments = new RedisValue[count + 1];
            arguments[0] = _subscription.Address;
            for (var at = 0; at < count; at++)
            {
                arguments[at + 1] = held[begin + at].Entry;
            }

            try
            {
                await _link.RunAsync(_doing, RedisScripts.Acknowledge, _names.Stream, arguments).ConfigureAwait(false);
            }
            catch (BrokerException)
            {
                // The other way outlasts that, or says what is wrong.
                return false;
            }

            Forget(CollectionsMarshal.AsSpan(held).Slice(begin, count));
        }

        return true;
    }

    private void Forget(params ReadOnlySpan<RedisDelivery> deliveries)
    {
        _held.Remove(deliveries);
        Interlocked.Add(ref _ended, deliveries.Length);
    }

    private async Task SettleAllAsync(List<RedisSettlement> settlements)
    {
        var pause = FirstPause;
        while (settlements.Count > 0)
        {
            try
            {
                await RunAsync(settlements).ConfigureAwait(false);

                // Whoever waits goes on elsewhere, one after the other: a work item for each would cost more than what they do.
                ThreadPool.UnsafeQueueUserWorkItem(
                    static ended => ended.ForEach(settlement => settlement.Done.TrySetResult()), settlements, preferLocal: false);
                break;
            }
            catch (BrokerException exception) when (exception.IsTransient && !_isEnding)
            {
                await Task.Delay(pause).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                settlements.RemoveAll(settlement => settlement.Cancellation.IsCancellationRequested);
            }
            catch (Exception exception)
            {
                // Justification: the root of the loop; whoever waits has to hear of it.
                ThreadPool.UnsafeQueueUserWorkItem(
                    static ended => ended.Settlements.ForEach(settlement => settlement.Done.TrySetException(ended.Exception)),
                    (Settlements: settlements, Exception: exception),
                    preferLocal: false);
                break;
            }
        }
    }

    private async Task RunAsync(List<RedisSettlement> settlements)
    {
        List<RedisValue> arguments = [_names.Base, _names.Of(_subscription), _subscription.Address, _names.Channel];
        foreach (var (delivery, kind, time, reason, _) in settlements)
        {
            arguments.AddRange(
            [
                Name(kind), delivery.Entry, delivery.LeaseId, delivery.Key ?? "", Number(time), (int)(reason?.Cause ?? default), reason?.Text ?? "",
            ]);
        }

        var begun = Stopwatch.GetTimestamp();
        var answer = await _link.RunAsync(_doing, RedisScripts.Settle, _names.Stream, [.. arguments]).ConfigureAwait(false);
        for (var at = 0; at < settlements.Count; at++)
        {
            if (settlements[at].Kind == SettlementKind.Extend && (int)answer[at] == 1)
            {
                settlements[at].Delivery.Renew(begun);
            }
        }
    }

    private static string Name(SettlementKind kind) => kind switch
    {
        SettlementKind.Acknowledge => "ack",
        SettlementKind.Retry => "retry",
        SettlementKind.Release => "release",
        SettlementKind.DeadLetter => "dead",
        _ => "extend",
    };

    private static string Number(TimeSpan time) => Math.Ceiling(Math.Max(time.TotalMilliseconds, 0)).ToString(CultureInfo.InvariantCulture);
}
