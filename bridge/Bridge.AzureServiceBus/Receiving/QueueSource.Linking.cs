using Amqp;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <content>The link that messages come by.</content>
internal sealed partial class QueueSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private async Task AttachAsync()
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var line = await _connection.LineAsync(_end.Token);
                var (link, _) = await line.ReceiverAsync(_settings.Path, filter: null, timeout: null, _end.Token);
                Begin(link);
                return;
            }
            catch (BrokerException error) when (error.IsTransient)
            {
                await Task.Delay(pause, Time, CancellationToken.None);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (BrokerException error)
            {
                lock (_lock)
                {
                    _isAttaching = false;
                    _refusal = error;
                    Signal();
                }

                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Begin(ReceiverLink link)
    {
        link.Start(0, OnMessage);
        lock (_lock)
        {
            _isAttaching = false;
            if (_disposal is null)
            {
                _link = link;
                _credit = 0;
                AskForMore();
            }
        }

        if (_disposal is not null)
        {
            _ = Attaching.CloseAsync(link, Farewell);
            return;
        }

        link.AddClosedCallback((_, _) =>
        {
            lock (_lock)
            {
                if (ReferenceEquals(_link, link))
                {
                    _link = null;
                    _credit = 0;
                    AskForMore();
                }
            }
        });
    }

    private void OnMessage(IReceiverLink link, Message message)
    {
        var fields = MessageFields.Read(message);
        var isForAnother = fields.OnlyFor is { } only && !string.Equals(only, _settings.Subscription, StringComparison.Ordinal);
        var delivery = new QueueDelivery(
            this, ServiceBusDelivery.LeaseOf(MessageFields.LockedUntil(message), Time.GetUtcNow(), _settings.Lock), Time.GetTimestamp())
        {
            Message = message,
            Fields = fields,
            Link = (ReceiverLink)link,
            MessageId = fields.MessageId,
            Attempt = ServiceBusDelivery.AttemptOf(message, fields),
            PublishedAt = fields.PublishedAt,
            Body = MessageFields.BodyOf(message),
            Attributes = fields.Attributes,
        };
        lock (_lock)
        {
            if (ReferenceEquals(link, _link))
            {
                _credit--;
            }

            if (!isForAnother)
            {
                _open.Add(delivery);
                _ready.Enqueue(delivery);
                Signal();
                return;
            }
        }

        // A subscription that takes all gets the copies for others too.
        link.Accept(message);
        lock (_lock)
        {
            AskForMore();
        }
    }
}
