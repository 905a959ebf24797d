using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <content>Sessions that are asked for.</content>
internal sealed partial class SessionSource
{
    private static readonly Symbol SessionFilter = new("com.microsoft:session-filter");
    private static readonly TimeSpan AcceptTime = TimeSpan.FromSeconds(30);

    private async Task AcceptAsync()
    {
        BrokerException? refusal = null;
        try
        {
            var line = await _connection.LineAsync(_end.Token);

            // A filter without a value stands for any session that has messages and nobody's lock.
            var (link, answer) = await line.ReceiverAsync(_settings.Path, new Map { [SessionFilter] = null! }, AcceptTime, _end.Token);
            Begin(link, answer);
            return;
        }
        catch (BrokerException error) when (Failures.Is(error, Failures.Timeout))
        {
            // No session has a message.
        }
        catch (BrokerException error) when (error.IsTransient)
        {
            await Task.Delay(Pause, _connection.Time, CancellationToken.None);
        }
        catch (BrokerException error)
        {
            refusal = error;
        }
        catch (OperationCanceledException)
        {
            // The source ends.
        }

        lock (Sync)
        {
            _accepting--;
            _refusal = refusal ?? _refusal;
            if (refusal is null)
            {
                AcceptMore();
            }
            else
            {
                Signal();
            }
        }
    }

    private void Begin(ReceiverLink link, Attach answer)
    {
        var id = (answer.Source as Source)?.FilterSet?[SessionFilter] as string ?? "";
        var until = answer.Properties?[new Symbol("com.microsoft:locked-until-utc")] is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        var lease = ServiceBusDelivery.LeaseOf(until, _connection.Time.GetUtcNow(), _settings.Lock);
        var session = new HeldSession(this, link, id, lease, _management, _connection.Time, _end.Token);
        link.Start(0, (_, message) => OnMessage(session, message));
        bool isWanted;
        lock (Sync)
        {
            _accepting--;
            isWanted = _disposal is null && !_isPaused && Expected() < _wanted;
            _sessions.Add(session);
        }

        link.AddClosedCallback((_, _) => Forget(session));
        if (isWanted)
        {
            Ask(session, FirstMessage);
        }
        else
        {
            Close(session);
        }

        lock (Sync)
        {
            AcceptMore();
        }
    }
}
