using Bridge.Core.PubSub;

namespace Bridge.RabbitMq.Receiving;

/// <content>How the server hears of handled messages.</content>
internal sealed partial class RabbitMqSource
{
    /// <inheritdoc/>
    /// <remarks>With one word for those that a channel has brought, and one for each message of a lane.</remarks>
    public async Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        var errors = new Exception?[deliveries.Count];
        var own = deliveries.Select((delivery, index) => (Delivery: (RabbitMqDelivery)delivery, Index: index)).ToLookup(item => item.Delivery.IsOneOfMany ? item.Delivery.Holder : null);
        await Task.WhenAll(own.Select(group =>
            group.Key is { } holder
                ? TryAsync(() => holder.AcknowledgeAsync(group.Select(item => item.Delivery.Tag).ToArray()), errors, group.Select(item => item.Index))
                : Task.WhenAll(group.Select(item => TryAsync(() => item.Delivery.AcknowledgeAsync(cancellation), errors, [item.Index])))));
        return errors;
    }

    private static async Task TryAsync(Func<Task> acknowledge, Exception?[] errors, IEnumerable<int> indexes)
    {
        try
        {
            await acknowledge();
        }
        catch (Exception error)
        {
            // Justification: the caller tells of it; the messages come again.
            foreach (var index in indexes)
            {
                errors[index] = error;
            }
        }
    }
}
