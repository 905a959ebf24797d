using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using Bridge.RabbitMq.Receiving;
using RabbitMQ.Client;

namespace Bridge.RabbitMq;

/// <summary>A message of a queue, held by the channel it came by: with that it goes back.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="queue">The subscription's queue, whose name those of the others begin with.</param>
/// <param name="holder">The channel.</param>
/// <param name="tag">The channel's name for the message.</param>
/// <param name="properties">What came beside it.</param>
internal class RabbitMqDelivery(RabbitMqLink link, string queue, QueueReader holder, ulong tag, MessageProperties properties) : Delivery
{
    // The server takes 128 KiB of headers at least.
    private const int MaxReason = 8000;

    /// <summary>The channel.</summary>
    protected QueueReader Holder => holder;

    /// <summary>The channel's name for the message.</summary>
    protected ulong Tag => tag;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => holder.AcknowledgeAsync(tag);

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var next = properties with { Attempt = properties.Attempt + 1 };
        var (lowest, highest) = RabbitMqNames.Steps(holder.Subscription.Retry);
        var isAtOnce = delay < TimeSpan.FromMilliseconds(1);
        var target = isAtOnce ? queue : RabbitMqNames.Waiting(queue, Math.Clamp(RabbitMqNames.StepOf(delay), lowest, highest));
        return MoveAsync(target, next.ToAmqp(isAtOnce ? null : delay), cancellation);
    }

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        var dead = properties with
        {
            LetterId = Guid.CreateVersion7().ToString("N"),
            DeadReason = reason with { Text = reason.Text.Length > MaxReason ? reason.Text[..MaxReason] + "…" : reason.Text },
            DiedAt = DateTimeOffset.UtcNow,
        };
        return MoveAsync(RabbitMqNames.DeadLetters(queue), dead.ToAmqp(), cancellation);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => holder.GiveBackAsync(tag);

    // First there, then away from here. What can't go there comes again at once: the server would wait half an hour for a word about it.
    private async Task MoveAsync(string target, BasicProperties moved, CancellationToken cancellation)
    {
        try
        {
            await link.PublishAsync("", target, moved, Body, cancellation);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            await holder.GiveBackAsync(tag);
            throw;
        }

        await AcknowledgeAsync(cancellation);
    }
}
