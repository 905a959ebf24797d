using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq.Receiving;

/// <summary>A message as a channel got it.</summary>
internal readonly record struct Received(ulong Tag, MessageProperties Properties, byte[] Body);

/// <summary>One channel that reads a subscription's queue, from its beginning to its end; it doesn't come back. Thread: any.</summary>
internal sealed class QueueReader : IAsyncDisposable
{
    private const int NotFound = 404;

    private readonly RabbitMqLink _link;
    private readonly IChannel _channel;
    private readonly Action<QueueReader, Received> _arrived;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly OutstandingTags _outstanding = new();
    private string? _consumer;
    private int _readings;

    private QueueReader(RabbitMqLink link, IChannel channel, BrokerSubscription subscription, string queue, Action<QueueReader, Received> arrived)
    {
        _link = link;
        _channel = channel;
        _arrived = arrived;
        Subscription = subscription;
        Queue = queue;
    }

    /// <summary>Whose messages they are.</summary>
    internal BrokerSubscription Subscription { get; }

    /// <summary>The queue's name.</summary>
    internal string Queue { get; }

    /// <summary>How many messages the server sends at most before it hears of some.</summary>
    internal int Prefetch { get; private set; }

    /// <summary>How many it has sent and not heard of.</summary>
    internal int Open => _outstanding.Count;

    /// <summary>Whether it reads.</summary>
    internal bool IsReading => _consumer is not null;

    /// <summary>Whether the channel is gone. Guarded by the mailbox's lock.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>Opens a channel; it reads nothing yet.</summary>
    /// <param name="link">Where the server is.</param>
    /// <param name="subscription">Whose messages.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="arrived">Gets what comes, and must not wait.</param>
    /// <param name="ended">Is told that the channel is gone.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static async Task<QueueReader> OpenAsync(
        RabbitMqLink link, BrokerSubscription subscription, string queue, Action<QueueReader, Received> arrived, Action<QueueReader> ended, CancellationToken cancellation)
    {
        var channel = await link.OpenAsync(cancellation);
        var reader = new QueueReader(link, channel, subscription, queue, arrived);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            ended(reader);
            return Task.CompletedTask;
        };
        return reader;
    }

    /// <summary>Reads, with so many messages at a time.</summary>
    /// <exception cref="BrokerException">There is no such queue, or the connection is gone.</exception>
    internal async Task ReadAsync(int prefetch)
    {
        // No command is cancelled: the server would send messages that nobody here knows of.
        await StopAsync();
        await GuardAsync(async () =>
        {
            await _channel.BasicQosAsync(0, (ushort)Math.Min(prefetch, ushort.MaxValue), global: false);

            // The server names the reading in each message; the name that it would give is longer than all else there. Not one that was used: the
            // queue would go on with that one's messages.
            var name = (++_readings).ToString(CultureInfo.InvariantCulture);
            _consumer = await _channel.BasicConsumeAsync(Queue, autoAck: false, consumerTag: name, noLocal: false, exclusive: false, arguments: null, new Consumer(this));
            Prefetch = prefetch;
        });
    }

    /// <summary>Reads no more. Messages that were on their way have arrived when the task ends.</summary>
    internal async Task StopAsync()
    {
        if (_consumer is { } consumer)
        {
            _consumer = null;
            await GuardAsync(() => _channel.BasicCancelAsync(consumer));
        }
    }

    /// <summary>The message is dealt with.</summary>
    /// <exception cref="BrokerException">The channel is gone, and the message comes again.</exception>
    internal Task AcknowledgeAsync(ulong tag) =>
        GuardAsync(async () =>
        {
            _outstanding.Remove(tag);
            await _channel.BasicAckAsync(tag, multiple: false);
        });

    /// <summary>Messages are dealt with.</summary>
    /// <param name="tags">The messages. The caller leaves the memory to this.</param>
    /// <exception cref="BrokerException">The channel is gone, and the messages come again.</exception>
    internal Task AcknowledgeAsync(Memory<ulong> tags) =>
        GuardAsync(async () =>
        {
            var (upTo, singly) = _outstanding.Acknowledge(tags);
            if (upTo > 0)
            {
                await _channel.BasicAckAsync(upTo, multiple: true);
            }

            for (var index = 0; index < singly.Length; index++)
            {
                await _channel.BasicAckAsync(singly.Span[index], multiple: false);
            }
        });

    /// <summary>The message goes back to the queue.</summary>
    /// <exception cref="BrokerException">The channel is gone, and the message comes again all the same.</exception>
    internal Task GiveBackAsync(ulong tag) =>
        GuardAsync(async () =>
        {
            _outstanding.Remove(tag);
            await _channel.BasicNackAsync(tag, multiple: false, requeue: true);
        });

    /// <summary>How many channels read a queue, other than by waiting for their turn to.</summary>
    /// <exception cref="BrokerException">There is no such queue, or the channel is gone.</exception>
    internal async Task<int> CountReadersAsync(string queue)
    {
        var count = 0u;
        await GuardAsync(async () => count = (await _channel.QueueDeclarePassiveAsync(queue)).ConsumerCount);
        return (int)count;
    }

    /// <summary>Ends the channel: all that isn't dealt with goes back to the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        var isOpen = _channel.IsOpen;
        var freeing = RabbitMqFailures.ForgetAsync(_channel);
        if (isOpen)
        {
            await freeing;
        }
    }

    // A channel carries one command of a kind at a time, and what is said of messages in the order in which it was made up.
    private async Task GuardAsync(Func<Task> command)
    {
        await _gate.WaitAsync();
        try
        {
            await command();
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException && _channel.IsOpen)
        {
            // The connection is well; it is the queue that nobody answers for.
            throw new BrokerException(
                $"RabbitMQ at {_link.Name} doesn't answer for the queue {Queue}.",
                "See that it has a leader (rabbitmq-queues quorum_status), and the server's log.",
                isTransient: false,
                error);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            throw new BrokerException($"RabbitMQ at {_link.Name} has no queue {Queue}.", "Start the host with provisioning on, or make it.", isTransient: false, error);
        }
        catch (Exception error) when (error is OperationCanceledException || RabbitMqFailures.IsLoss(error))
        {
            throw RabbitMqFailures.Gone(_link.Name, error);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gets what comes. Thread: one message at a time.</summary>
    private sealed class Consumer(QueueReader reader) : AsyncDefaultBasicConsumer(reader._channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag,
            ulong deliveryTag,
            bool redelivered,
            string exchange,
            string routingKey,
            IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            reader._outstanding.Add(deliveryTag);

            // The client takes its buffer back when this returns.
            var copy = body.ToArray();
            reader._arrived(reader, new Received(deliveryTag, MessageProperties.Read(properties, copy), copy));
            return Task.CompletedTask;
        }
    }
}
