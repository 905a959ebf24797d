using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;

namespace Bridge.RabbitMq;

/// <summary>Publishes to a topic's exchange: many messages on their way, each confirmed by the server.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="options">How things are named.</param>
/// <param name="topic">The topic.</param>
/// <param name="time">The clock of messages.</param>
internal sealed class RabbitMqPublisher(RabbitMqLink link, RabbitMqBrokerOptions options, BrokerTopic topic, TimeProvider time) : ITopicPublisher
{
    // More unconfirmed messages of one call make the server no faster.
    private const int Window = 1024;

    private readonly string _exchange = RabbitMqNames.Exchange(options, topic);
    private readonly string _laneExchange = RabbitMqNames.LaneExchange(RabbitMqNames.Exchange(options, topic));

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ConfirmingChannel output;
        try
        {
            output = await link.OutputAsync(cancellation);
        }
        catch (BrokerException error)
        {
            return [.. messages.Select(_ => PublishResult.Failed(error))];
        }

        // All on one channel, in turn: what follows a message that was lost with it is lost as well.
        var results = new PublishResult[messages.Count];
        for (var start = 0; start < results.Length; start += Window)
        {
            await PublishAsync(output, messages, start, results.AsMemory(start, Math.Min(Window, results.Length - start)), cancellation);
        }

        return results;
    }

    private async Task PublishAsync(ConfirmingChannel output, IReadOnlyList<OutgoingMessage> messages, int start, Memory<PublishResult> results, CancellationToken cancellation)
    {
        var publications = new List<Publication>(results.Length);
        for (var index = 0; index < results.Length; index++)
        {
            var message = messages[start + index];
            if (MessageProperties.CanCarry(message.Attributes))
            {
                publications.Add(ToPublication(message));
            }
            else
            {
                results.Span[index] = PublishResult.Failed(new BrokerException($"A message of the topic {topic.Name} has an attribute whose name is too long for RabbitMQ.", "Attributes' names may have 200 bytes.", isTransient: false));
            }
        }

        var errors = await link.PublishAsync(output, publications, cancellation);
        var next = 0;
        foreach (ref var result in results.Span)
        {
            if (result.Error is null)
            {
                result = errors[next] is { } error ? PublishResult.Failed(error) : PublishResult.Taken(publications[next].Properties.MessageId!);
                next++;
            }
        }
    }

    private Publication ToPublication(OutgoingMessage message)
    {
        int? lane = topic.IsOrdered && message.OrderingKey is { } key ? RabbitMqNames.LaneOf(key) : null;
        var now = time.GetUtcNow();
        var properties = new MessageProperties
        {
            Lane = lane,
            DeliverAt = message.DeliverAt,
            MessageId = MessageName.New(now),
            PublishedAt = now,
            Attributes = message.Attributes,
        };
        var (exchange, routingKey) = lane is { } number ? (_laneExchange, RabbitMqNames.LaneName(number)) : (_exchange, "");
        return new Publication(exchange, routingKey, properties.ToAmqp(), message.Body, MustArrive: false);
    }
}
