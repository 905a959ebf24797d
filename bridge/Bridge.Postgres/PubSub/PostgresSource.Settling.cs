using Bridge.Core.PubSub;

namespace Bridge.Postgres.PubSub;

/// <content>What becomes of leased messages.</content>
internal sealed partial class PostgresSource
{
    private const int MaxSettlements = 1000;

    // What the server is given to take messages back when the source ends; later their leases end by themselves.
    private static readonly TimeSpan GivingBackTime = TimeSpan.FromSeconds(5);

    private readonly SettleStatements _settle;
    private readonly Batcher<Settlement> _settling;

    /// <summary>Has the server take note; through losses of the connection too, since nothing changes the second time.</summary>
    /// <exception cref="BrokerException">The server refuses.</exception>
    internal async Task SettleAsync(Settlement settlement)
    {
        _settling.Add(settlement);
        await settlement.Done.WaitAsync(settlement.Cancellation).ConfigureAwait(false);
        if (settlement.Kind != SettlementKind.Extend)
        {
            _held.TryRemove(settlement.Delivery, out _);
        }
    }

    private static async Task GiveBackAsync(List<PostgresDelivery> deliveries)
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

    private async Task SettleAllAsync(List<Settlement> settlements)
    {
        var pause = FirstPause;
        while (settlements.Count > 0)
        {
            try
            {
                await _connections.UseAsync($"settle messages of the subscription {Subscription.Name}", (connection, cancellation) => RunAsync(connection, settlements, cancellation), CancellationToken.None).ConfigureAwait(false);
                break;
            }
            catch (BrokerException exception) when (exception.IsTransient)
            {
                await Task.Delay(pause).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                settlements.RemoveAll(settlement => settlement.Cancellation.IsCancellationRequested);
            }
            catch (Exception exception)
            {
                // Justification: the root of the loop; whoever waits has to hear of it.
                settlements.ForEach(settlement => settlement.End(exception));
                break;
            }
        }
    }

    private async Task<bool> RunAsync(Npgsql.NpgsqlConnection connection, List<Settlement> settlements, CancellationToken cancellation)
    {
        await _settle.RunAsync(connection, Number, settlements, cancellation).ConfigureAwait(false);
        settlements.ForEach(settlement => settlement.End(null));
        if (settlements.Exists(FreesMessages))
        {
            await TellAsync(connection).ConfigureAwait(false);
        }
        else if (settlements.Exists(settlement => settlement.Kind == SettlementKind.Return))
        {
            // It comes due before the lease would have ended.
            Wake();
        }

        return true;
    }

    /// <summary>Whether others may receive something now that they couldn't before.</summary>
    private bool FreesMessages(Settlement settlement) =>
        settlement.Kind == SettlementKind.Return ? settlement.Delay == TimeSpan.Zero : _topic.IsOrdered && settlement.Kind != SettlementKind.Extend;

    private async Task TellAsync(Npgsql.NpgsqlConnection connection)
    {
        try
        {
            await _wakeUps.TellAsync(connection, [_topicNumber]).ConfigureAwait(false);
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            // Others find the messages when they look by themselves.
        }
    }
}
