using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>Writes records and tells when the cluster has them safely. Thread: any.</summary>
/// <param name="clients">How clients are set up.</param>
internal sealed class KafkaSender(KafkaClients clients) : IDisposable
{
    // While the library's queue is full: long enough for some of it to leave.
    private static readonly TimeSpan QueuePause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private IProducer<byte[], byte[]>? _producer;
    private bool _isDisposed;

    /// <summary>Writes records to one topic, in their order.</summary>
    /// <returns>What became of each, in the same order.</returns>
    public Task<SendResult[]> SendAsync(string topic, IReadOnlyList<Message<byte[], byte[]>> messages, CancellationToken cancellation)
    {
        var batch = new SendBatch(topic, clients.Address, messages.Count);
        return SendAsync(batch, messages, cancellation);
    }

    /// <summary>Writes one record.</summary>
    /// <exception cref="BrokerException">The cluster doesn't have it, or that can't be known.</exception>
    public async Task SendAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellation)
    {
        var results = await SendAsync(topic, [message], cancellation);
        if (results[0].Error is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IProducer<byte[], byte[]>? producer;
        lock (_lock)
        {
            _isDisposed = true;
            (producer, _producer) = (_producer, null);
        }

        if (producer is not null)
        {
            // Whoever still waits for a message learns of it now.
            producer.Flush(TimeSpan.FromSeconds(5));
            producer.Dispose();
        }
    }

    private async Task<SendResult[]> SendAsync(SendBatch batch, IReadOnlyList<Message<byte[], byte[]>> messages, CancellationToken cancellation)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            while (!TryProduce(batch, index, messages[index]))
            {
                await Task.Delay(QueuePause, cancellation);
            }
        }

        return await batch.Done.WaitAsync(cancellation);
    }

    /// <summary>Gives a record to the library.</summary>
    /// <returns>False where its queue is full.</returns>
    private bool TryProduce(SendBatch batch, int index, Message<byte[], byte[]> message)
    {
        var producer = Current();
        try
        {
            producer.Produce(batch.Topic, message, report =>
            {
                if (report.Error.IsFatal)
                {
                    Renew(producer);
                }

                batch.Complete(index, report);
            });
            return true;
        }
        catch (ProduceException<byte[], byte[]> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (KafkaException error)
        {
            if (error.Error.IsFatal)
            {
                Renew(producer);
            }

            batch.Fail(index, error.Error, error);
            return true;
        }
    }

    private IProducer<byte[], byte[]> Current()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= clients.Producer();
        }
    }

    /// <summary>Lets go of a producer that can't go on: the cluster no longer knows its sequence of messages.</summary>
    private void Renew(IProducer<byte[], byte[]> producer)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_producer, producer))
            {
                return;
            }

            _producer = null;
        }

        // On another thread: this one is the producer's own, which its end waits for.
        _ = Task.Run(producer.Dispose);
    }
}

/// <summary>What became of a record.</summary>
/// <param name="Place">Where the cluster has it; null where it doesn't.</param>
/// <param name="Error">Why it doesn't; null where it does.</param>
internal readonly record struct SendResult(TopicPartitionOffset? Place, BrokerException? Error);

/// <summary>Records that are under way together. Thread: any.</summary>
/// <param name="topic">Where they go.</param>
/// <param name="address">Where the cluster is.</param>
/// <param name="count">How many they are.</param>
internal sealed class SendBatch(string topic, string address, int count)
{
    private readonly SendResult[] _results = new SendResult[count];
    private readonly TaskCompletionSource<SendResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending = count;

    /// <summary>Where they go.</summary>
    public string Topic => topic;

    /// <summary>What became of all.</summary>
    public Task<SendResult[]> Done => _done.Task;

    /// <summary>Takes the cluster's word about one.</summary>
    public void Complete(int index, DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError || report.Status != PersistenceStatus.Persisted)
        {
            Fail(index, report.Error, inner: null);
            return;
        }

        Set(index, new SendResult(report.TopicPartitionOffset, Error: null));
    }

    /// <summary>One isn't taken.</summary>
    public void Fail(int index, Error error, Exception? inner) =>
        Set(index, new SendResult(Place: null, KafkaErrors.Translate($"A message for topic \"{topic}\" isn't safe", address, error, inner)));

    private void Set(int index, SendResult result)
    {
        _results[index] = result;
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _done.TrySetResult(_results);
        }
    }
}
