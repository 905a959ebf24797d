using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;

namespace Bridge.RabbitMq.Receiving;

/// <summary>A subscription's messages. The server sends as many as are wanted and no more until it hears of some.</summary>
/// <remarks>Of an ordered topic each lane sends its next message, whatever is wanted; what comes beyond that waits here.</remarks>
internal sealed partial class RabbitMqSource : IBatchedMessageSource
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly RabbitMqLink _link;
    private readonly BrokerSubscription _subscription;
    private readonly string _queue;
    private readonly TimeProvider _time;
    private readonly Action<RabbitMqSource> _ended;
    private readonly Mailbox _mailbox = new();
    private readonly LaneSet _lanes;
    private QueueReader? _reader;
    private bool _isDisposed;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="link">Where the server is.</param>
    /// <param name="subscription">Whose messages.</param>
    /// <param name="queue">The queue of messages that have no order.</param>
    /// <param name="lanes">The queues of those that have one.</param>
    /// <param name="time">The clock of messages.</param>
    /// <param name="ended">Is told when this is disposed of.</param>
    internal RabbitMqSource(RabbitMqLink link, BrokerSubscription subscription, string queue, IEnumerable<string> lanes, TimeProvider time, Action<RabbitMqSource> ended)
    {
        _link = link;
        _subscription = subscription;
        _queue = queue;
        _time = time;
        _ended = ended;
        _lanes = new LaneSet([.. lanes.Select(lane => new Lane(link, subscription, lane, _mailbox))], queue);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _mailbox.Open();
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var news = _mailbox.NextNewsAsync();
                if (Take(max) is { Count: > 0 } deliveries)
                {
                    return deliveries;
                }

                if (await TryReadAsync(max, cancellation))
                {
                    await news.WaitAsync(cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _mailbox.Close();
        await _lanes.CloseAsync();
        if (_reader is { } reader)
        {
            await reader.DisposeAsync();
        }

        _ended(this);
    }

    /// <summary>Sees to it that the server sends what is wanted.</summary>
    /// <returns>Whether it does; otherwise a while has passed, and it is to be tried again.</returns>
    private async Task<bool> TryReadAsync(int max, CancellationToken cancellation)
    {
        try
        {
            var reader = _reader ??= await QueueReader.OpenAsync(_link, _subscription, _queue, Arrived, Ended, cancellation);

            // Each message in work takes one of those that the server may send; asking anew is rare, since it is asked for twice as much.
            if (!reader.IsReading || reader.Prefetch < reader.Open + max)
            {
                await reader.ReadAsync(reader.Open + max);
            }

            await _lanes.OpenAsync(cancellation);
            return true;
        }
        catch (BrokerException error) when (error.IsTransient)
        {
            Drop();
            await Task.Delay(Pause, cancellation);
            return false;
        }
        catch (BrokerException)
        {
            Drop();
            throw;
        }
    }

    private List<Delivery> Take(int max)
    {
        var deliveries = new List<Delivery>();
        while (deliveries.Count < max && _mailbox.Take(max - deliveries.Count) is { Count: > 0 } mails)
        {
            // Headers tell times in whole milliseconds, rounded down.
            var now = _time.GetUtcNow() - TimeSpan.FromMilliseconds(1);
            foreach (var mail in mails)
            {
                var rest = mail.Message.Properties.WaitAt(now);
                if (rest > TimeSpan.Zero)
                {
                    _ = WaitOnAsync(Open(mail), rest);
                }
                else
                {
                    deliveries.Add(Open(mail));
                }
            }
        }

        return deliveries;
    }

    private static async Task WaitOnAsync(RabbitMqDelivery delivery, TimeSpan rest)
    {
        try
        {
            await delivery.WaitOnAsync(rest, CancellationToken.None);
        }
        catch (BrokerException)
        {
            // It comes again.
        }
    }

    private RabbitMqDelivery Open(Mail mail)
    {
        var (tag, properties, body) = mail.Message;
        return mail.Lane is { } lane
            ? new LaneDelivery(_link, _queue, _lanes, lane, mail.Reader, tag, properties)
            {
                MessageId = properties.MessageId,
                Attempt = properties.Attempt,
                PublishedAt = properties.PublishedAt,
                Body = body,
                Attributes = properties.Attributes,
            }
            : new RabbitMqDelivery(_link, _queue, mail.Reader, tag, properties)
            {
                MessageId = properties.MessageId,
                Attempt = properties.Attempt,
                PublishedAt = properties.PublishedAt,
                Body = body,
                Attributes = properties.Attributes,
            };
    }

    private void Arrived(QueueReader reader, Received message)
    {
        var mail = new Mail(reader, Lane: null, message);
        if (reader == _reader && !_mailbox.TryAdd(mail))
        {
            _ = GiveBackAsync(mail);
        }
    }

    private void Ended(QueueReader reader)
    {
        Interlocked.CompareExchange(ref _reader, null, reader);
        _mailbox.Drop(reader);
    }

    // Without waiting: a channel that isn't answered isn't closed sooner.
    private void Drop()
    {
        if (_reader is { } reader)
        {
            Ended(reader);
            _ = RabbitMqFailures.ForgetAsync(reader);
        }
    }

    /// <summary>Reads no more and gives back what waits here; what is in work stays in work.</summary>
    private async Task StopAsync()
    {
        try
        {
            if (_reader is { } reader)
            {
                await reader.StopAsync();
            }
        }
        catch (BrokerException)
        {
            Drop();
        }

        foreach (var mail in _mailbox.Close())
        {
            await GiveBackAsync(mail);
        }
    }

    private async Task GiveBackAsync(Mail mail)
    {
        if (mail.Lane is { } lane)
        {
            await lane.CloseAsync();
            return;
        }

        try
        {
            await mail.Reader.GiveBackAsync(mail.Message.Tag);
        }
        catch (BrokerException)
        {
            // The connection is gone, and all goes back with it.
            if (mail.Reader == _reader)
            {
                Drop();
            }
        }
    }
}
