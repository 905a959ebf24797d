using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>Publishes to one topic. Thread: any, many at a time.</summary>
/// <param name="sender">What writes.</param>
/// <param name="topic">The topic's name on the cluster.</param>
/// <param name="isOrdered">Whether keys decide the partition.</param>
internal sealed class KafkaPublisher(KafkaSender sender, string topic, bool isOrdered) : ITopicPublisher
{
    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var results = new PublishResult[messages.Count];
        var records = new List<Message<byte[], byte[]>>(messages.Count);
        var places = new List<int>(messages.Count);
        for (var index = 0; index < messages.Count; index++)
        {
            if (messages[index].DeliverAt is not null)
            {
                results[index] = PublishResult.Failed(new BrokerException(
                    $"Kafka can't deliver a message of topic \"{topic}\" at a later time.", "Publish it without deliverAt, or put the topic on another broker.", isTransient: false));
                continue;
            }

            records.Add(RecordOf(messages[index]));
            places.Add(index);
        }

        if (records.Count > 0)
        {
            var sent = await sender.SendAsync(topic, records, cancellation);
            for (var index = 0; index < sent.Length; index++)
            {
                results[places[index]] = sent[index].Place is { } place ? PublishResult.Taken(IdOf(place)) : PublishResult.Failed(sent[index].Error!);
            }
        }

        return results;
    }

    /// <summary>A message's name: where it is.</summary>
    public static string IdOf(TopicPartitionOffset place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Topic}/{place.Partition.Value}/{place.Offset.Value}");

    private Message<byte[], byte[]> RecordOf(OutgoingMessage message)
    {
        var headers = new Headers();
        RecordNotes.AddAttributes(headers, message.Attributes);
        return new Message<byte[], byte[]>
        {
            Key = isOrdered && message.OrderingKey is { } key ? Encoding.UTF8.GetBytes(key) : null!,
            Value = BytesOf(message.Body),
            Headers = headers,
        };
    }

    // The library copies what it is given before it returns.
    private static byte[] BytesOf(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : body.ToArray();
}
