namespace Bridge.Core.PubSub;

/// <summary>
/// Has a subscription's messages handled: as many at a time as it allows, each again after a failure until its retries are spent, with its
/// lease kept while its handler runs. The same on every broker.
/// </summary>
/// <remarks>Back-pressure: it asks the broker for no more messages than can begin at once, so that none waits here.</remarks>
/// <param name="subscription">Whose messages.</param>
/// <param name="source">Where they come from. The runner's to end.</param>
/// <param name="handler">What handles them.</param>
/// <param name="observer">What is told of failures.</param>
/// <param name="time">The clock of waits and leases.</param>
public sealed partial class SubscriptionRunner(
    BrokerSubscription subscription, IMessageSource source, IMessageHandler handler, ISubscriptionObserver observer, TimeProvider time)
{
    /// <summary>How many messages are handled at a time where the subscription sets no bound: past it, memory grows and nothing is faster.</summary>
    public const int UnboundedConcurrency = 1000;

    // Messages that come with one request: more make the others of a big batch wait for its first.
    private const int MaxBatch = 256;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly int _limit = subscription.MaxConcurrency > 0 ? subscription.MaxConcurrency : UnboundedConcurrency;
    private readonly FlightTable _flights = new();

    /// <summary>How many messages are being handled. Thread: any.</summary>
    public int Running => _flights.Count;

    /// <summary>Handles messages until it is to stop, then waits for those that are being handled.</summary>
    /// <param name="stopping">No further messages are taken; ends the leases of none.</param>
    /// <param name="givingUp">Handlers that still run are given up and their messages go back to the broker.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        using var ended = new CancellationTokenSource();
        var leases = KeepLeasesAsync(ended.Token);
        try
        {
            await ReceiveAllAsync(stopping, givingUp);
            await _flights.WhenEmptyAsync();
        }
        finally
        {
            await ended.CancelAsync();
            await leases;
            await source.DisposeAsync();
        }
    }

    private async Task ReceiveAllAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        var pause = FirstPause;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var room = await _flights.WhenBelowAsync(_limit, stopping);
                IReadOnlyList<Delivery> deliveries;
                try
                {
                    deliveries = await source.ReceiveAsync(Math.Min(room, MaxBatch), stopping);
                    pause = FirstPause;
                }
                catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
                {
                    // Justification: whatever a broker's client throws, the subscription has to come back when the broker does.
                    observer.ReceivingFailed(subscription, error, pause);
                    await Task.Delay(pause, time, stopping);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    continue;
                }

                foreach (var delivery in deliveries)
                {
                    _ = FlyAsync(new Flight(delivery, time.GetTimestamp()), givingUp);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task FlyAsync(Flight flight, CancellationToken givingUp)
    {
        _flights.Add(flight);
        try
        {
            if (await JudgeAsync(flight.Delivery, givingUp) is { } result)
            {
                await SettleAsync(flight.Delivery, result);
            }
        }
        catch (Exception error)
        {
            // Justification: the root of a message's own flow. The message comes again, since nobody has ended its delivery.
            observer.SettlingFailed(subscription, flight.Delivery, error);
        }
        finally
        {
            _flights.Remove(flight);
        }
    }

    /// <summary>Asks for each message's lease anew when a third of it is left.</summary>
    private async Task KeepLeasesAsync(CancellationToken ended)
    {
        // Often enough that no lease passes from more than a half to its end between two looks.
        using var timer = new PeriodicTimer(subscription.AckDeadline / 6, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                foreach (var flight in _flights.Snapshot())
                {
                    if (flight.Delivery.Lease is { } lease && time.GetElapsedTime(flight.LeasedAt) >= lease / 2)
                    {
                        flight.LeasedAt = time.GetTimestamp();
                        _ = ExtendAsync(flight.Delivery, ended);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task ExtendAsync(Delivery delivery, CancellationToken ended)
    {
        try
        {
            await delivery.ExtendAsync(ended);
        }
        catch (Exception error) when (!ended.IsCancellationRequested)
        {
            // Justification: the root of a flow of its own. The handler goes on; at worst the message comes a second time.
            observer.SettlingFailed(subscription, delivery, error);
        }
    }
}
