using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;

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

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        IChannel output;
        try
        {
            output = await link.OutputAsync(cancellation);
        }
        catch (BrokerException error)
        {
            return [.. messages.Select(_ => PublishResult.Failed(error))];
        }

        var results = new PublishResult[messages.Count];
        for (var start = 0; start < results.Length; start += Window)
        {
            // All on one channel, in turn: what follows a message that was lost with it is lost as well.
            var part = messages.Skip(start).Take(Window).Select(message => PublishAsync(output, message, cancellation)).ToArray();
            (await Task.WhenAll(part)).CopyTo(results, start);
        }

        return results;
    }

    private async Task<PublishResult> PublishAsync(IChannel output, OutgoingMessage message, CancellationToken cancellation)
    {
        if (!MessageProperties.CanCarry(message.Attributes))
        {
            return PublishResult.Failed(new BrokerException($"A message of the topic {topic.Name} has an attribute whose name is too long for RabbitMQ.", "Attributes' names may have 200 bytes.", isTransient: false));
        }

        int? lane = topic.IsOrdered && message.OrderingKey is { } key ? RabbitMqNames.LaneOf(key) : null;
        var properties = new MessageProperties
        {
            Lane = lane,
            DeliverAt = message.DeliverAt,
            MessageId = Guid.CreateVersion7().ToString("N"),
            PublishedAt = time.GetUtcNow(),
            Attributes = message.Attributes,
        };
        try
        {
            var (exchange, routingKey) = lane is { } number ? (RabbitMqNames.LaneExchange(_exchange), RabbitMqNames.LaneName(number)) : (_exchange, "");
            await link.PublishAsync(output, exchange, routingKey, properties.ToAmqp(), message.Body, mustArrive: false, cancellation);
            return PublishResult.Taken(properties.MessageId);
        }
        catch (BrokerException error)
        {
            return PublishResult.Failed(error);
        }
    }
}
