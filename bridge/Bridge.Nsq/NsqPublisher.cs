using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Publishes to one topic. Thread: any, many at a time.</summary>
/// <param name="fleet">The nsqd processes.</param>
/// <param name="topic">The topic's name there.</param>
internal sealed class NsqPublisher(NsqFleet fleet, string topic) : ITopicPublisher
{
    // Messages go together up to these bounds, well under nsqd's own (5 MiB unless it is set otherwise).
    private const int MaxBatch = 1000;
    private const int MaxBatchBytes = 1024 * 1024;

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var results = new PublishResult[messages.Count];
        var batch = new Batch();
        for (var index = 0; index < messages.Count; index++)
        {
            var id = Guid.CreateVersion7().ToString("N");
            var bytes = new NsqEnvelope { Id = id, Attributes = messages[index].Attributes, Body = messages[index].Body }.Write();
            if (Check(messages[index], bytes.Length) is { } refusal)
            {
                results[index] = PublishResult.Failed(refusal);
                continue;
            }

            if (messages[index].DeliverAt - DateTimeOffset.UtcNow is { } delay && delay > TimeSpan.Zero)
            {
                results[index] = await SendAsync(NsqCommands.PublishLater(topic, delay, bytes), id, cancellation);
                continue;
            }

            if (batch.Count == MaxBatch || batch.Bytes + bytes.Length > MaxBatchBytes)
            {
                await FlushAsync(batch, results, cancellation);
            }

            batch.Add(index, id, bytes);
        }

        await FlushAsync(batch, results, cancellation);
        return results;
    }

    private BrokerException? Check(OutgoingMessage message, int size)
    {
        if (size > fleet.Options.MaxMessageSize)
        {
            return new BrokerException(
                $"A message of {size} bytes is too long for topic \"{topic}\" on NSQ: {fleet.Options.MaxMessageSize} are allowed.",
                "Make it smaller, or raise nsqd's --max-msg-size and maxMessageSize in the configuration.", isTransient: false);
        }

        return message.DeliverAt - DateTimeOffset.UtcNow > fleet.Options.MaxDelay
            ? new BrokerException(
                $"NSQ delays a message of topic \"{topic}\" by {fleet.Options.MaxDelay} at most.",
                "Publish it for an earlier time, or raise nsqd's --max-req-timeout and maxDelay in the configuration.", isTransient: false)
            : null;
    }

    private async Task FlushAsync(Batch batch, PublishResult[] results, CancellationToken cancellation)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var command = batch.Count == 1 ? NsqCommands.Publish(topic, batch.Messages[0]) : NsqCommands.PublishAll(topic, batch.Messages);
        var sent = await SendAsync(command, id: "", cancellation);
        foreach (var (index, id) in batch.Places)
        {
            results[index] = sent.Error is null ? PublishResult.Taken(id) : sent;
        }

        batch.Clear();
    }

    private async Task<PublishResult> SendAsync(byte[] command, string id, CancellationToken cancellation)
    {
        try
        {
            await fleet.PublishAsync(command, cancellation);
            return PublishResult.Taken(id);
        }
        catch (BrokerException error)
        {
            return PublishResult.Failed(error);
        }
    }

    /// <summary>Messages that go together.</summary>
    private sealed class Batch
    {
        public List<byte[]> Messages { get; } = [];

        public List<(int Index, string Id)> Places { get; } = [];

        public int Bytes { get; private set; }

        public int Count => Messages.Count;

        public void Add(int index, string id, byte[] bytes)
        {
            Messages.Add(bytes);
            Places.Add((index, id));
            Bytes += bytes.Length;
        }

        public void Clear()
        {
            Messages.Clear();
            Places.Clear();
            Bytes = 0;
        }
    }
}
