using System.Runtime.InteropServices;
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
        var words = new List<Task>();
        var groups = new Dictionary<QueueReader, List<int>>();
        for (var index = 0; index < deliveries.Count; index++)
        {
            var delivery = (RabbitMqDelivery)deliveries[index];
            if (delivery.IsOneOfMany)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(groups, delivery.Holder, out _) ??= []).Add(index);
            }
            else
            {
                words.Add(TryAsync(() => delivery.AcknowledgeAsync(cancellation), errors, [index]));
            }
        }

        foreach (var (holder, indexes) in groups)
        {
            var tags = indexes.ConvertAll(index => ((RabbitMqDelivery)deliveries[index]).Tag).ToArray();
            words.Add(TryAsync(() => holder.AcknowledgeAsync(tags), errors, indexes));
        }

        await Task.WhenAll(words);
        return errors;
    }

    private static async Task TryAsync(Func<Task> acknowledge, Exception?[] errors, List<int> indexes)
    {
        try
        {
            await acknowledge();
        }
        catch (Exception error)
        {
            // Justification: the caller tells of it; the messages come again.
            indexes.ForEach(index => errors[index] = error);
        }
    }
}
