using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using Bridge.RabbitMq.Receiving;

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
    internal QueueReader Holder => holder;

    /// <summary>The channel's name for the message.</summary>
    internal ulong Tag => tag;

    /// <summary>Whether one word can acknowledge it together with others of its channel.</summary>
    internal virtual bool IsOneOfMany => true;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => holder.AcknowledgeAsync(tag);

    /// <inheritdoc/>
    public override DateTimeOffset RetainedSince => properties.DeliverAt is { } time && time > PublishedAt ? time : PublishedAt;

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var next = properties with { Attempt = properties.Attempt + 1, RetryAt = DateTimeOffset.UtcNow + delay };
        return delay > TimeSpan.Zero ? WaitAsync(next, delay, cancellation) : MoveAsync("", holder.Queue, next, cancellation);
    }

    /// <summary>It isn't to be handled yet: it waits on.</summary>
    /// <param name="rest">How long it has to.</param>
    /// <param name="cancellation">Ends the wait for the server's word.</param>
    internal Task WaitOnAsync(TimeSpan rest, CancellationToken cancellation) => WaitAsync(properties, rest, cancellation);

    /// <inheritdoc/>
    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        var dead = properties with
        {
            LetterId = Guid.CreateVersion7().ToString("N"),
            DeadReason = reason with { Text = reason.Text.Length > MaxReason ? reason.Text[..MaxReason] + "…" : reason.Text },
            DiedAt = DateTimeOffset.UtcNow,
        };
        return MoveAsync("", RabbitMqNames.DeadLetters(queue), dead, cancellation);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => holder.GiveBackAsync(tag);

    // Where its stay is over, the server routes it by its key.
    private Task WaitAsync(MessageProperties moved, TimeSpan rest, CancellationToken cancellation) =>
        MoveAsync(RabbitMqNames.Waiting(link.Options, WaitPlan.Next(rest)), holder.Queue, moved, cancellation);

    // First there, then away from here. What can't go there comes again at once: the server would wait half an hour for a word about it.
    private async Task MoveAsync(string exchange, string routingKey, MessageProperties moved, CancellationToken cancellation)
    {
        try
        {
            await link.PublishAsync(exchange, routingKey, moved.ToAmqp(), Body, cancellation);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            await TryGiveBackAsync();
            throw;
        }

        await AcknowledgeAsync(cancellation);
    }

    private async Task TryGiveBackAsync()
    {
        try
        {
            await holder.GiveBackAsync(tag);
        }
        catch (BrokerException)
        {
            // The channel is gone, and the message is back already.
        }
    }
}
