using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <content>What becomes of leased messages.</content>
internal sealed partial class RedisSource
{
    // A script holds the server up for as long as it runs.
    private const int MaxSettlements = 200;

    // What the server is given to take messages back when the source ends; later their leases end by themselves.
    private static readonly TimeSpan GivingBackTime = TimeSpan.FromSeconds(5);

    private readonly Batcher<Settlement> _settling;

    /// <summary>Has the server take note; through losses of the connection too, since with a lease that is over nothing changes.</summary>
    /// <exception cref="BrokerException">The server refuses.</exception>
    internal async Task SettleAsync(RedisDelivery delivery, SettlementKind kind, TimeSpan time, DeadLetterReason? reason, CancellationToken cancellation)
    {
        var settlement = new Settlement(delivery, kind, time, reason, cancellation);
        _settling.Add(settlement);
        await settlement.Done.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (kind == SettlementKind.Extend)
        {
            return;
        }

        _held.TryRemove(delivery, out _);
        Interlocked.Increment(ref _ended);
        if (kind == SettlementKind.Retry)
        {
            // It comes due before the lease would have ended.
            Wake();
        }
    }

    private async Task SettleAllAsync(List<Settlement> settlements)
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
            catch (BrokerException exception) when (exception.IsTransient && _isDisposed == 0)
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

    private Task<RedisResult> RunAsync(List<Settlement> settlements)
    {
        List<RedisValue> arguments = [_names.Base, _own, Subscription.Address, _names.Channel];
        foreach (var (delivery, kind, time, reason, _) in settlements)
        {
            arguments.AddRange(
            [
                Name(kind), delivery.Entry, delivery.Token, delivery.Key ?? "", Number(time), (int)(reason?.Cause ?? default), reason?.Text ?? "",
            ]);
        }

        return _link.RunAsync($"settle messages of the subscription {Subscription.Name}", RedisScripts.Settle, _names.Stream, [.. arguments]);
    }

    private static string Name(SettlementKind kind) => kind switch
    {
        SettlementKind.Acknowledge => "ack",
        SettlementKind.Retry => "retry",
        SettlementKind.Release => "release",
        SettlementKind.DeadLetter => "dead",
        _ => "extend",
    };

    private static async Task GiveBackAsync(List<RedisDelivery> deliveries)
    {
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

    private sealed record Settlement(RedisDelivery Delivery, SettlementKind Kind, TimeSpan Time, DeadLetterReason? Reason, CancellationToken Cancellation)
    {
        internal TaskCompletionSource Done { get; } = new();
    }
}

/// <summary>What becomes of a leased message.</summary>
internal enum SettlementKind
{
    Acknowledge,
    Retry,
    Release,
    DeadLetter,
    Extend,
}
