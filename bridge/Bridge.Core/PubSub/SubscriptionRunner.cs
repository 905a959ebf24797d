using Bridge.Core.Operations;

namespace Bridge.Core.PubSub;

/// <summary>
/// Has a subscription's messages handled: as many at a time as it allows, each again after a failure until its retries are spent, with its
/// lease kept while its handler runs. The same on every broker.
/// </summary>
/// <remarks>Back-pressure: it asks the broker for no more messages than can begin at once, so that none waits here.</remarks>
public sealed partial class SubscriptionRunner
{
    /// <summary>How many messages are handled at a time where the subscription sets no bound: past it, memory grows and nothing is faster.</summary>
    public const int UnboundedConcurrency = 1000;

    // Messages that come with one request: more make the others of a big batch wait for its first.
    private const int MaxBatch = 256;

    // Messages beside those that are handled whose end the broker is being told: a broker that takes its time keeps no handler from beginning.
    private const int MaxUnsettled = 1000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Between two looks at the leases: a broker may give shorter ones than it was asked for.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    // What handlers that were given up, and the broker after them, are given to answer.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly BrokerSubscription _subscription;
    private readonly IMessageSource _source;
    private readonly IMessageHandler _handler;
    private readonly ISubscriptionObserver _observer;
    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly FlightTable _flights = new();
    private readonly SharedPatience _patience;
    private readonly AcknowledgementQueue? _acknowledgements;

    /// <param name="subscription">Whose messages.</param>
    /// <param name="source">Where they come from. The runner's to end.</param>
    /// <param name="handler">What handles them.</param>
    /// <param name="observer">What is told of failures.</param>
    /// <param name="time">The clock of waits and leases.</param>
    public SubscriptionRunner(
        BrokerSubscription subscription, IMessageSource source, IMessageHandler handler, ISubscriptionObserver observer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        (_subscription, _source, _handler, _observer, _time) = (subscription, source, handler, observer, time);
        _limit = subscription.MaxConcurrency > 0 ? subscription.MaxConcurrency : UnboundedConcurrency;
        _patience = new SharedPatience(SettlingTime, time);
        _acknowledgements = source is IBatchedMessageSource batched ? new AcknowledgementQueue(flights => AcknowledgeAsync(batched, flights)) : null;
    }

    /// <summary>How many messages are being handled, or have been without the broker knowing of it yet. Thread: any.</summary>
    public int Running => _flights.Count;

    /// <summary>Handles messages until it is to stop, then waits for those that are being handled.</summary>
    /// <param name="stopping">No further messages are taken; ends the leases of none.</param>
    /// <param name="givingUp">
    /// Handlers that still run are given up and their messages go back to the broker. A second later that happens whether they have answered or not.
    /// </param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        using var ended = new CancellationTokenSource();
        var leases = KeepLeasesAsync(ended.Token);
        try
        {
            await ReceiveAllAsync(stopping, givingUp);
            await FinishAsync(givingUp);
        }
        finally
        {
            await ended.CancelAsync();
            await leases;
            await _source.DisposeAsync();
        }
    }

    private async Task ReceiveAllAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        var pause = FirstPause;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var room = await _flights.WhenRoomAsync(_limit, MaxUnsettled, stopping);
                IReadOnlyList<Delivery> deliveries;
                try
                {
                    deliveries = await _source.ReceiveAsync(Math.Min(room, MaxBatch), stopping);
                    pause = FirstPause;
                }
                catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
                {
                    // Justification: whatever a broker's client throws, the subscription has to come back when the broker does.
                    _observer.ReceivingFailed(_subscription, error, pause);
                    await Task.Delay(pause, _time, stopping);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    continue;
                }

                Begin(deliveries, isTooLate: stopping.IsCancellationRequested, givingUp);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    /// <summary>Within one round, so that the isolate is woken once for all.</summary>
    private void Begin(IReadOnlyList<Delivery> deliveries, bool isTooLate, CancellationToken givingUp)
    {
        OperationRound.Begin();
        try
        {
            foreach (var delivery in deliveries)
            {
                _ = FlyAsync(new Flight(delivery, _time), isTooLate, givingUp);
            }
        }
        finally
        {
            OperationRound.End();
        }
    }

    private async Task FlyAsync(Flight flight, bool isTooLate, CancellationToken givingUp)
    {
        _flights.Add(flight);
        var isAcknowledged = false;
        try
        {
            var end = isTooLate ? new Ending(HandlingResult.Abandoned) : RefusalOf(flight.Delivery) ?? await HandleAsync(flight.Delivery, givingUp);
            _flights.EndHandling(flight);
            await flight.EndLeaseAsync();
            if (end.IsDone && _acknowledgements is { } queue)
            {
                queue.Add(flight);
                isAcknowledged = true;
            }
            else
            {
                await SettleAsync(flight.Delivery, end);
            }
        }
        catch (Exception error)
        {
            // Justification: the root of a message's own flow. The message comes again, since nobody has ended its delivery.
            _observer.SettlingFailed(_subscription, flight.Delivery, error);
        }
        finally
        {
            if (!isAcknowledged)
            {
                _flights.Remove(flight);
            }
        }
    }

    /// <summary>Waits for the messages that are being handled; not much longer than until handlers are given up.</summary>
    private async Task FinishAsync(CancellationToken givingUp)
    {
        try
        {
            await _flights.WhenEmptyAsync(givingUp);
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested)
        {
            using var farewell = new CancellationTokenSource(Farewell, _time);
            try
            {
                await _flights.WhenEmptyAsync(farewell.Token);
            }
            catch (OperationCanceledException) when (farewell.IsCancellationRequested)
            {
                // The end of the source gives back what there is.
            }
        }
    }

    private async Task KeepLeasesAsync(CancellationToken ended)
    {
        // Often enough that no lease passes from its half to its end between two looks.
        var look = _subscription.AckDeadline / 6;
        try
        {
            while (true)
            {
                await Task.Delay(look < LongestLook ? look : LongestLook, _time, ended);
                foreach (var flight in _flights.Snapshot())
                {
                    _ = flight.KeepLeaseAsync(error => _observer.SettlingFailed(_subscription, flight.Delivery, error));
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }
}
