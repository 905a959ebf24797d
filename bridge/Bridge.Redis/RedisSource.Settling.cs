using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <content>What becomes of leased messages.</content>
internal sealed partial class RedisSource
{
    // What the server is given to take messages back when the source ends; later their leases end by themselves.
    private static readonly TimeSpan GivingBackTime = TimeSpan.FromSeconds(5);

    /// <summary>The message is handled.</summary>
    internal Task AcknowledgeAsync(RedisDelivery delivery, CancellationToken cancellation) => SettleAsync(delivery, "ack", "0", null, cancellation);

    /// <summary>It comes again.</summary>
    internal async Task RetryAsync(RedisDelivery delivery, TimeSpan delay, CancellationToken cancellation)
    {
        await SettleAsync(delivery, "retry", Number(delay), null, cancellation).ConfigureAwait(false);

        // It comes due before the lease would have ended.
        Wake();
    }

    /// <summary>It comes again as if it hadn't been leased.</summary>
    internal Task ReleaseAsync(RedisDelivery delivery, CancellationToken cancellation) => SettleAsync(delivery, "release", "0", null, cancellation);

    /// <summary>It is given up.</summary>
    internal Task DeadLetterAsync(RedisDelivery delivery, DeadLetterReason reason, CancellationToken cancellation) => SettleAsync(delivery, "dead", "0", reason, cancellation);

    /// <summary>Its lease begins anew.</summary>
    internal Task ExtendAsync(RedisDelivery delivery, CancellationToken cancellation) =>
        SettleAsync(delivery, "extend", Number(subscription.AckDeadline), null, cancellation);

    /// <summary>Has the server take note; through losses of the connection too, since with a lease that is over nothing changes.</summary>
    private async Task SettleAsync(RedisDelivery delivery, string kind, string number, DeadLetterReason? reason, CancellationToken cancellation)
    {
        RedisValue[] arguments =
        [
            names.Base, _own, subscription.Address, names.Channel, kind, delivery.Entry, delivery.Token, delivery.Key ?? "", number,
            (int)(reason?.Cause ?? default), reason?.Text ?? "",
        ];
        for (var pause = FirstPause; ; )
        {
            try
            {
                await link.RunAsync($"settle a message of the subscription {subscription.Name}", RedisScripts.Settle, names.Stream, arguments).WaitAsync(cancellation).ConfigureAwait(false);
                break;
            }
            catch (BrokerException exception) when (exception.IsTransient && _isDisposed == 0)
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        if (kind != "extend")
        {
            _held.TryRemove(delivery, out _);
            Interlocked.Increment(ref _ended);
        }
    }

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
}
