using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Bridge.Core.PubSub;

namespace Bridge.Sqs.Topics;

/// <summary>Publishes to one SNS topic, in batches. Thread: any.</summary>
/// <param name="sns">SNS.</param>
/// <param name="topic">The topic's name, for people.</param>
/// <param name="place">Finds the topic.</param>
internal sealed class SnsPublisher(SnsClient sns, string topic, Func<CancellationToken, Task<TopicPlace>> place) : ITopicPublisher
{
    // Requests at a time for one call's messages: SNS answers after some 10 ms, whatever a batch holds.
    private const int Lanes = 8;

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var results = new PublishResult[messages.Count];
        TopicPlace target;
        try
        {
            target = await place(cancellation);
        }
        catch (BrokerException error)
        {
            Array.Fill(results, PublishResult.Failed(error));
            return results;
        }

        var lanes = Divide(messages, target.IsFifo, results);
        await Task.WhenAll(lanes.Select(lane => PublishLaneAsync(lane, target, results, cancellation)));
        return results;
    }

    /// <summary>Divides messages into batches, and these into lanes that run beside each other: all of one key in one lane.</summary>
    private List<SnsBatch>[] Divide(IReadOnlyList<OutgoingMessage> messages, bool isFifo, PublishResult[] results)
    {
        var count = Math.Clamp((messages.Count + SnsBatch.MaxMessages - 1) / SnsBatch.MaxMessages, 1, Lanes);
        var lanes = new List<SnsBatch>[count];
        for (var i = 0; i < count; i++)
        {
            lanes[i] = [new SnsBatch()];
        }

        for (var i = 0; i < messages.Count; i++)
        {
            if (ObjectionTo(messages[i]) is { } objection)
            {
                results[i] = PublishResult.Failed(objection);
                continue;
            }

            var lane = lanes[LaneOf(messages[i], i, isFifo, count)];
            if (!lane[^1].TryAdd(i, messages[i]))
            {
                lane.Add(new SnsBatch());
                lane[^1].TryAdd(i, messages[i]);
            }
        }

        return lanes;
    }

    private BrokerException? ObjectionTo(OutgoingMessage message)
    {
        if (message.DeliverAt is not null)
        {
            return new BrokerException($"publishing to SNS topic {topic}: SNS can't deliver later", "publish without deliverAt", isTransient: false);
        }

        return SnsBatch.SizeOf(message) is var size && size > SnsBatch.MaxBytes
            ? new BrokerException(
                $"publishing to SNS topic {topic}: the message has {size} bytes with its attributes, SNS takes {SnsBatch.MaxBytes}",
                "publish where the data is instead of the data",
                isTransient: false)
            : null;
    }

    private static int LaneOf(OutgoingMessage message, int index, bool isFifo, int count) =>
        isFifo && message.OrderingKey is { } key
            ? (int)((uint)StringComparer.Ordinal.GetHashCode(key) % (uint)count)
            : index / SnsBatch.MaxMessages % count;

    private async Task PublishLaneAsync(List<SnsBatch> batches, TopicPlace target, PublishResult[] results, CancellationToken cancellation)
    {
        var isBroken = false;
        foreach (var batch in batches.Where(batch => batch.Indexes.Any()))
        {
            if (isBroken && target.IsFifo)
            {
                // A later message must not arrive where an earlier one may not have.
                Fail(batch, results, new BrokerException($"publishing to SNS topic {topic}: an earlier message of the same call failed", "publish again"));
                continue;
            }

            try
            {
                var what = $"publishing to SNS topic {topic}";
                // Duplicates of a FIFO topic are told by their deduplication ids: sending it again is safe.
                var answer = await sns.SendAsync(what, batch.ToForm(target.Arn, target.IsFifo), isRepeatable: target.IsFifo, cancellation);
                Read(answer, batch, results, what);
            }
            catch (BrokerException error)
            {
                Fail(batch, results, error);
            }

            isBroken = isBroken || batch.Indexes.Any(index => results[index].Error is not null);
        }
    }

    private static void Fail(SnsBatch batch, PublishResult[] results, BrokerException error)
    {
        foreach (var index in batch.Indexes)
        {
            results[index] = PublishResult.Failed(error);
        }
    }

    private static void Read(XElement answer, SnsBatch batch, PublishResult[] results, string what)
    {
        var pending = batch.Indexes.ToHashSet();
        foreach (var taken in Members(answer, "Successful"))
        {
            if (IndexOf(taken) is { } index && pending.Remove(index))
            {
                results[index] = PublishResult.Taken(SnsClient.Child(taken, "MessageId")?.Value ?? "");
            }
        }

        foreach (var refused in Members(answer, "Failed"))
        {
            if (IndexOf(refused) is { } index && pending.Remove(index))
            {
                var isOurs = SnsClient.Child(refused, "SenderFault")?.Value == "true";
                results[index] = PublishResult.Failed(AwsFailures.Refusal(
                    what,
                    SnsClient.Child(refused, "Code")?.Value ?? "",
                    SnsClient.Child(refused, "Message")?.Value ?? "",
                    isOurs ? HttpStatusCode.BadRequest : HttpStatusCode.InternalServerError));
            }
        }

        foreach (var index in pending)
        {
            results[index] = PublishResult.Failed(new BrokerException($"{what}: SNS didn't say what became of the message"));
        }
    }

    private static IEnumerable<XElement> Members(XElement answer, string list) => SnsClient.Child(answer, list)?.Elements() ?? [];

    private static int? IndexOf(XElement member) =>
        int.TryParse(SnsClient.Child(member, "Id")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}

/// <summary>A topic that has been found.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="IsFifo">Whether it keeps order and knows duplicates.</param>
internal sealed record TopicPlace(string Arn, bool IsFifo);
