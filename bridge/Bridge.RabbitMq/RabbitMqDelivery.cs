using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using Bridge.RabbitMq.Receiving;

namespace Bridge.RabbitMq;

/// <summary>A message of a queue, held by the channel it came by: with that it goes back.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="holder">The channel, and the queues that belong to its own.</param>
/// <param name="tag">The channel's name for the message.</param>
/// <param name="properties">What came beside it.</param>
internal sealed class RabbitMqDelivery(RabbitMqLink link, QueueReader holder, ulong tag, MessageProperties properties) : Delivery
{
    // The server takes 128 KiB of headers at least.
    private const int MaxReason = 8000;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => holder.AcknowledgeAsync(tag);

    /// <inheritdoc/>
    public override async Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var next = properties with { Attempt = properties.Attempt + 1 };
        var (lowest, highest) = RabbitMqNames.Steps(holder.Subscription.Retry);
        var isAtOnce = delay < TimeSpan.FromMilliseconds(1);
        var queue = isAtOnce ? holder.Queue : RabbitMqNames.Waiting(holder.Queue, Math.Clamp(RabbitMqNames.StepOf(delay), lowest, highest));
        await link.PublishAsync("", queue, next.ToAmqp(isAtOnce ? null : delay), Body, cancellation);
        await holder.AcknowledgeAsync(tag);
    }

    /// <inheritdoc/>
    public override async Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        var dead = properties with
        {
            LetterId = Guid.CreateVersion7().ToString("N"),
            DeadReason = reason with { Text = reason.Text.Length > MaxReason ? reason.Text[..MaxReason] + "…" : reason.Text },
            DiedAt = DateTimeOffset.UtcNow,
        };
        await link.PublishAsync("", RabbitMqNames.DeadLetters(holder.Queue), dead.ToAmqp(), Body, cancellation);
        await holder.AcknowledgeAsync(tag);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => holder.GiveBackAsync(tag);
}
