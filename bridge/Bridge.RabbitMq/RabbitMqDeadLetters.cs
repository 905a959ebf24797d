using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;

namespace Bridge.RabbitMq;

/// <summary>
/// A subscription's dead letters: a queue of their own. Looking at one takes it out until the look is over; what is looked at returns to its place.
/// While that lasts others see fewer of them.
/// </summary>
/// <param name="link">Where the server is.</param>
/// <param name="queue">The subscription's queue.</param>
/// <param name="isOrdered">Whether its topic has lanes.</param>
internal sealed class RabbitMqDeadLetters(RabbitMqLink link, string queue, bool isOrdered) : IDeadLetters
{
    private readonly string _dead = RabbitMqNames.DeadLetters(queue);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellation) =>
        UseAsync(
            async channel =>
            {
                // What the queue says with a message is exact; what it says of itself may be some seconds old.
                if (await channel.BasicGetAsync(_dead, autoAck: false, cancellation) is not { } message)
                {
                    return 0L;
                }

                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, cancellation);
                return message.MessageCount + 1L;
            },
            cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var letters = new List<DeadLetter>();
        await VisitAsync(
            (properties, message) =>
            {
                letters.Add(Describe(properties, message.Body.ToArray()));
                return Task.FromResult(false);
            },
            max,
            cancellation);
        return letters;
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        VisitAsync(
            async (properties, message) =>
            {
                if (ids?.Contains(IdOf(properties)) == false)
                {
                    return false;
                }

                // First there, then away from here: it may be there twice where the connection breaks in between, and is never lost.
                var anew = properties with { Attempt = 1, DeadReason = null, LetterId = null, DeliverAt = null, RetryAt = null, PublishedAt = DateTimeOffset.UtcNow };
                var target = isOrdered && properties.Lane is { } lane ? RabbitMqNames.LaneQueue(queue, lane) : queue;
                await link.PublishAsync("", target, anew.ToAmqp(), message.Body, cancellation);
                return true;
            },
            int.MaxValue,
            cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        ids is null
            ? UseAsync(async channel => (long)await channel.QueuePurgeAsync(_dead, cancellation), cancellation)
            : VisitAsync((properties, _) => Task.FromResult(ids.Contains(IdOf(properties))), int.MaxValue, cancellation);

    private static string IdOf(MessageProperties properties) => properties.LetterId ?? properties.MessageId;

    private static DeadLetter Describe(MessageProperties properties, byte[] body) =>
        new()
        {
            Id = IdOf(properties),
            MessageId = properties.MessageId,
            PublishedAt = properties.PublishedAt,
            DiedAt = properties.DiedAt,
            Attempts = properties.Attempt,
            Reason = properties.DeadReason ?? new DeadLetterReason(DeadLetterCause.Failed, "put here by another program"),
            Body = body,
            Attributes = properties.Attributes,
        };

    /// <summary>Looks at those that there are now, oldest first.</summary>
    /// <param name="visit">Says whether one is done with; the others return to their places.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many are done with.</returns>
    private Task<long> VisitAsync(Func<MessageProperties, BasicGetResult, Task<bool>> visit, int max, CancellationToken cancellation) =>
        UseAsync(
            async channel =>
            {
                var done = 0L;

                // Those that die from now on are left out.
                var now = DateTimeOffset.UtcNow;
                for (var left = max; left > 0 && await channel.BasicGetAsync(_dead, autoAck: false, cancellation) is { } message; left--)
                {

                    // How often it was looked at is no attempt.
                    message.BasicProperties.Headers?.Remove("x-delivery-count");
                    var properties = MessageProperties.Read(message.BasicProperties, message.Body.Span);
                    if (properties.DiedAt > now)
                    {
                        break;
                    }

                    if (await visit(properties, message))
                    {
                        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
                        done++;
                    }
                }

                // Tag 0 with "multiple" names all that aren't acknowledged.
                await channel.BasicNackAsync(0, multiple: true, requeue: true, cancellation);
                return done;
            },
            cancellation);

    private async Task<T> UseAsync<T>(Func<IChannel, Task<T>> use, CancellationToken cancellation)
    {
        var channel = await link.OpenAsync(cancellation);
        try
        {
            var result = await use(channel);

            // Done once the server has taken note of all: closing is answered.
            await channel.CloseAsync(cancellation);
            return result;
        }
        catch (Exception error) when (RabbitMqFailures.IsLoss(error))
        {
            throw new BrokerException($"RabbitMQ at {link.Name}: the dead letters in {_dead} can't be reached: {error.Message}", "Start the host with provisioning on, or make that queue.", inner: error);
        }
        finally
        {
            await channel.DisposeAsync();
        }
    }
}
