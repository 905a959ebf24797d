using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>Reads a topic from its beginning to where it ends now. Thread: any.</summary>
/// <param name="topic">Its name on the cluster.</param>
/// <param name="clients">How clients are set up.</param>
internal sealed class TopicReader(string topic, KafkaClients clients)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows each record; in the order of its partition.</summary>
    /// <exception cref="BrokerException">The cluster doesn't answer, or refuses.</exception>
    public Task ReadAsync(Action<ConsumeResult<byte[], byte[]>> visit, CancellationToken cancellation) =>
        Task.Run(() => Read(visit, cancellation), cancellation);

    /// <summary>Chosen records, some at a time; the next are read while the last are looked at.</summary>
    public async IAsyncEnumerable<List<ConsumeResult<byte[], byte[]>>> ReadBatchesAsync(
        Predicate<ConsumeResult<byte[], byte[]>> choose, int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<List<ConsumeResult<byte[], byte[]>>>(1);
        var reading = Task.Run(() => Fill(batches.Writer, choose, size, ended.Token), ended.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation))
            {
                yield return batch;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Fill(ChannelWriter<List<ConsumeResult<byte[], byte[]>>> batches, Predicate<ConsumeResult<byte[], byte[]>> choose, int size, CancellationToken cancellation)
    {
        var batch = new List<ConsumeResult<byte[], byte[]>>(size);
        try
        {
            Read(record =>
            {
                if (choose(record))
                {
                    batch.Add(record);
                }

                if (batch.Count == size)
                {
                    Write(batches, batch, cancellation);
                    batch = new List<ConsumeResult<byte[], byte[]>>(size);
                }
            }, cancellation);
            if (batch.Count > 0)
            {
                Write(batches, batch, cancellation);
            }

            batches.Complete();
        }
        catch (Exception error)
        {
            // Justification: the root of a background task; whoever reads the batches gets the error.
            batches.Complete(error);
        }
    }

#pragma warning disable VSTHRD002 // Justification: the reading thread is the library's to block; it waits here for its one reader.
    private static void Write<T>(ChannelWriter<T> writer, T item, CancellationToken cancellation) =>
        writer.WriteAsync(item, cancellation).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private void Read(Action<ConsumeResult<byte[], byte[]>> visit, CancellationToken cancellation)
    {
        using var consumer = clients.Reader();
        try
        {
            var open = Partitions(consumer);
            if (open.Count == 0)
            {
                return;
            }

            consumer.Assign(open.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
            var patience = clients.RequestTimeout;
            var silentSince = Environment.TickCount64;
            while (open.Count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var record = consumer.Consume(Beat);
                if (record is null)
                {
                    if (Environment.TickCount64 - silentSince > patience.TotalMilliseconds)
                    {
                        throw new BrokerException($"Kafka at {clients.Address} doesn't answer when topic \"{topic}\" is read.", "Look whether its brokers run.");
                    }

                    continue;
                }

                silentSince = Environment.TickCount64;
                if (record.IsPartitionEOF)
                {
                    open.Remove(record.TopicPartition);
                }
                else
                {
                    visit(record);
                }
            }
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Translate($"Topic \"{topic}\" can't be read", clients.Address, error.Error, error);
        }
        finally
        {
            consumer.Unassign();
        }
    }

    /// <summary>The topic's partitions; none where it isn't there.</summary>
    private HashSet<TopicPartition> Partitions(IConsumer<byte[], byte[]> consumer)
    {
        using var administrator = new DependentAdminClientBuilder(consumer.Handle).Build();
        var metadata = administrator.GetMetadata(topic, clients.RequestTimeout).Topics.Find(found => found.Topic == topic);
        return metadata is null ? [] : [.. metadata.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
