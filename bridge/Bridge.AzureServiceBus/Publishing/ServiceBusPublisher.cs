using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Publishing;

/// <summary>Publishes to one topic.</summary>
/// <param name="connection">The connection.</param>
/// <param name="address">The topic there.</param>
/// <param name="isOrdered">Whether its subscriptions get messages by sessions.</param>
internal sealed class ServiceBusPublisher(ServiceBusConnection connection, string address, bool isOrdered) : ITopicPublisher
{
    // More unconfirmed messages of one call make the service no faster.
    private const int Window = 1024;

    private readonly TopicSender _sender = new(connection, address);

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var results = new List<PublishResult>(messages.Count);
        foreach (var part in messages.Chunk(Window))
        {
            var ids = part.Select(IdOf).ToArray();
            var errors = await _sender.SendAsync([.. part.Select((message, index) => FieldsOf(message, ids[index]).ToAmqp(message.Body, ids[index], message.DeliverAt))], cancellation);
            results.AddRange(errors.Select((error, index) => error is null ? PublishResult.Taken(ids[index]) : PublishResult.Failed(error)));
        }

        return [.. results];
    }

    private static string IdOf(OutgoingMessage message) =>
        message.DeduplicationId is { Length: > 0 } id ? MessageFields.FitId(id) : Guid.CreateVersion7().ToString("N");

    private MessageFields FieldsOf(OutgoingMessage message, string id) => new()
    {
        MessageId = id,
        PublishedAt = connection.Time.GetUtcNow(),
        RetainedSince = message.DeliverAt,
        Attributes = message.Attributes,

        // A message without a key is in a session of its own, and waits for nobody.
        Session = isOrdered ? MessageFields.FitId(message.OrderingKey is { Length: > 0 } key ? key : id) : null,
    };
}
