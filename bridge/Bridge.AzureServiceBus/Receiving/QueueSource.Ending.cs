using Amqp;
using Amqp.Framing;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <content>What goes back when nobody wants it any more.</content>
internal sealed partial class QueueSource
{
    // How long a link is kept whose messages nobody wants: a receiver that asks again at once finds it.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    // What the service is given to take messages back: those that it doesn't learn of come again once their locks are over.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private void Pause()
    {
        int pause;
        lock (_lock)
        {
            _isPaused = true;
            _wanted = 0;
            pause = ++_pauses;
        }

        _ = DetachAsync(pause);
    }

    private async Task DetachAsync(int pause)
    {
        await Task.Delay(Idle, Time, CancellationToken.None);
        ReceiverLink? link;
        lock (_lock)
        {
            if (!_isPaused || pause != _pauses || _disposal is not null)
            {
                return;
            }

            // Without credit nothing more comes by it, and those that came by it are settled best where they came.
            link = _credit > 0 ? _link : null;
            (_link, _credit) = link is null ? (_link, _credit) : (null, 0);
        }

        if (link is not null)
        {
            // What was on its way is here once the service has answered.
            await Attaching.CloseAsync(link, Farewell);
        }

        QueueDelivery[] unwanted;
        lock (_lock)
        {
            if (!_isPaused)
            {
                return;
            }

            unwanted = [.. _ready];
            _ready.Clear();
            _open.ExceptWith(unwanted);
        }

        await GiveBackAsync(unwanted);
    }

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        ReceiverLink? link;
        QueueDelivery[] unfinished;
        lock (_lock)
        {
            link = _link;
            _link = null;
            _ready.Clear();
            unfinished = [.. _open];
        }

        foreach (var delivery in unfinished.Where(delivery => !delivery.Link.IsClosed))
        {
            Outcome outcome = delivery.IsHeld ? ServiceBusDelivery.Failed() : new Released();
            delivery.Link.Complete(delivery.Message, outcome);
            Forget(delivery);
        }

        if (link is not null)
        {
            await Attaching.CloseAsync(link, Farewell);
        }

        lock (_lock)
        {
            unfinished = [.. _open];
            _open.Clear();
        }

        await GiveBackAsync(unfinished);
        _ended(this);
    }

    private async Task GiveBackAsync(QueueDelivery[] deliveries)
    {
        if (deliveries.Length == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Farewell, Time);
        try
        {
            await _management.SettleAsync([.. deliveries.Select(delivery => delivery.Token)], "abandoned", details: null, patience.Token);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // They come again by themselves once their locks are over.
        }
    }
}
