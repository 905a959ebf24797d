using Bridge.GooglePubSub.Protocol;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>A message that this process has, handed out or not. Thread: under the source's lock.</summary>
/// <param name="received">What came.</param>
internal sealed class HeldMessage(ReceivedMessage received)
{
    /// <summary>The message.</summary>
    public PubsubMessage Message { get; } = received.Message;

    /// <summary>By which it is acknowledged: that of its last delivery.</summary>
    public string AckId { get; set; } = received.AckId;

    /// <summary>Which delivery the service says it is; 0 where it doesn't.</summary>
    public int CountedAttempt { get; set; } = received.DeliveryAttempt;

    /// <summary>Whether the handler's side keeps its lease.</summary>
    public bool IsOut { get; set; }

    /// <summary>Of an ordered subscription, whose messages it must follow; "" for nobody's.</summary>
    public string Key => Message.OrderingKey;
}
