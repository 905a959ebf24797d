using Amqp.Framing;
using Bridge.AzureServiceBus.Connections;

namespace Bridge.AzureServiceBus.Receiving;

/// <content>Sessions that are given back, one by one or all.</content>
internal sealed partial class SessionSource
{
    private async Task CloseAsync(HeldSession session)
    {
        lock (Sync)
        {
            session.State = SessionState.Closed;
        }

        await Attaching.CloseAsync(session.Link, Farewell);
        Forget(session);
    }

    private void Forget(HeldSession session)
    {
        lock (Sync)
        {
            session.State = SessionState.Closed;
            if (_sessions.Remove(session))
            {
                AcceptMore();
            }
        }
    }

    private void StopWanting()
    {
        int pause;
        lock (Sync)
        {
            _isPaused = true;
            _wanted = 0;
            pause = ++_pauses;
        }

        _ = GiveBackAsync(pause);
    }

    /// <summary>After a moment in which nobody asked for messages: gives back what nobody has begun.</summary>
    private async Task GiveBackAsync(int pause)
    {
        await Task.Delay(Pause, _connection.Time, CancellationToken.None);
        HeldSession[] unwanted;
        lock (Sync)
        {
            unwanted = _isPaused && pause == _pauses && _disposal is null
                ? [.. _sessions.Where(session => session.State is SessionState.Ready or SessionState.Opening or SessionState.Waiting)]
                : [];
            foreach (var session in unwanted)
            {
                session.State = SessionState.Closed;
            }
        }

        await Task.WhenAll(unwanted.Select(ReturnAsync));
    }

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        HeldSession[] sessions;
        lock (Sync)
        {
            sessions = [.. _sessions];
            _ready.Clear();
        }

        await Task.WhenAll(sessions.Select(ReturnAsync));
        _ended(this);
    }

    private async Task ReturnAsync(HeldSession session)
    {
        SessionDelivery? unfinished;
        bool wasHeld;
        lock (Sync)
        {
            wasHeld = session.State == SessionState.Held;
            unfinished = session.Current;
            session.State = SessionState.Closed;
        }

        if (unfinished is not null && !session.Link.IsClosed)
        {
            Outcome outcome = wasHeld ? ServiceBusDelivery.Failed() : new Released();
            session.Link.Complete(unfinished.Message, outcome);
        }

        await CloseAsync(session);
    }
}
