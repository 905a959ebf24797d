using Bridge.RabbitMq.Connections;
using Bridge.RabbitMq.Receiving;

namespace Bridge.RabbitMq;

/// <summary>A message of a lane: until it is dealt with, none comes from behind it.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="queue">The subscription's queue, whose name those of the others begin with.</param>
/// <param name="lanes">The subscription's lanes.</param>
/// <param name="lane">The message's own.</param>
/// <param name="holder">The channel.</param>
/// <param name="tag">The channel's name for the message.</param>
/// <param name="properties">What came beside it.</param>
internal sealed class LaneDelivery(RabbitMqLink link, string queue, LaneSet lanes, Lane lane, QueueReader holder, ulong tag, MessageProperties properties)
    : RabbitMqDelivery(link, queue, holder, tag, properties)
{
    /// <inheritdoc/>
    /// <remarks>Its lane has no other in work.</remarks>
    internal override bool IsOneOfMany => false;

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation) => lanes.AcknowledgeAsync(lane, Holder, Tag);

    /// <inheritdoc/>
    /// <remarks>The message waits here, in its place; the server counts the attempt when it goes back.</remarks>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        _ = lane.GiveBackAsync(Holder, Tag, delay);
        return Task.CompletedTask;
    }
}
