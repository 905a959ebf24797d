using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;

namespace Bridge.RabbitMq.Receiving;

/// <summary>
/// A lane of an ordered subscription: a queue that the server lets one process read at a time, and whose messages come one at a time. Thread: any.
/// </summary>
/// <remarks>
/// It has a channel of its own, because the end of a channel is the one way to leave a queue with a message in hand: the server takes the message
/// back before it lets the next process read. After a mere cancellation the next one would get the message behind it.
/// </remarks>
/// <param name="link">Where the server is.</param>
/// <param name="subscription">Whose messages.</param>
/// <param name="queue">The lane's queue.</param>
/// <param name="mailbox">Where messages go.</param>
internal sealed class Lane(RabbitMqLink link, BrokerSubscription subscription, string queue, Mailbox mailbox)
{
    // Below the half hour that a server waits for a word about a message, unless it is set otherwise.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private QueueReader? _reader;
    private bool _isOurs;

    /// <summary>Whether messages have come: it is this process that the server lets read.</summary>
    internal bool IsOurs
    {
        get
        {
            lock (_lock)
            {
                return _isOurs;
            }
        }
    }

    /// <summary>Whether it is read, or its turn waited for.</summary>
    internal bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _reader is not null;
            }
        }
    }

    /// <summary>Reads the queue, or waits for the turn to. It must not be open; one caller at a time.</summary>
    /// <exception cref="BrokerException">There is no such queue, or the connection is gone.</exception>
    internal async Task OpenAsync(CancellationToken cancellation)
    {
        var reader = await QueueReader.OpenAsync(link, subscription, queue, Arrived, Ended, cancellation);
        lock (_lock)
        {
            (_reader, _isOurs) = (reader, false);
        }

        try
        {
            await reader.ReadAsync(prefetch: 1);
        }
        catch (BrokerException)
        {
            _ = CloseAsync(reader);
            throw;
        }
    }

    /// <summary>Ends the channel: what isn't dealt with is the next one that anybody gets from the queue.</summary>
    internal async Task CloseAsync()
    {
        QueueReader? reader;
        lock (_lock)
        {
            reader = _reader;
        }

        if (reader is not null)
        {
            await CloseAsync(reader);
        }
    }

    /// <summary>Deals with a message and leaves the queue to the next process; the own turn comes after those that wait now.</summary>
    internal async Task LeaveAsync(QueueReader reader, ulong tag)
    {
        // The message's handler has ended, so that the next process may have the one behind it from here on.
        await reader.StopAsync();
        await reader.AcknowledgeAsync(tag);
        await CloseAsync(reader);
    }

    /// <summary>
    /// Gives a message back after a while, until when it holds up all that are behind it in the lane. Where this process ends before, that is at once.
    /// It doesn't throw.
    /// </summary>
    internal async Task GiveBackAsync(QueueReader reader, ulong tag, TimeSpan delay)
    {
        await Task.Delay(delay < LongestWait ? delay : LongestWait);
        if (mailbox.IsClosed)
        {
            await CloseAsync(reader);
            return;
        }

        try
        {
            await reader.GiveBackAsync(tag);
        }
        catch (BrokerException)
        {
            // The channel is gone, and the message is back already.
        }
    }

    private async Task CloseAsync(QueueReader reader)
    {
        Ended(reader);
        await RabbitMqFailures.ForgetAsync(reader);
    }

    private void Arrived(QueueReader reader, Received message)
    {
        lock (_lock)
        {
            _isOurs |= reader == _reader;
        }

        if (!mailbox.TryAdd(new Mail(reader, this, message)))
        {
            _ = CloseAsync(reader);
        }
    }

    private void Ended(QueueReader reader)
    {
        lock (_lock)
        {
            if (reader == _reader)
            {
                (_reader, _isOurs) = (null, false);
            }
        }

        mailbox.Drop(reader);
    }
}
