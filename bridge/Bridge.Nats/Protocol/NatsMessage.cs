using System.Text;

namespace Bridge.Nats.Protocol;

/// <summary>A message as the server delivers it: one array that holds subject, reply subject, headers and payload one after the other.</summary>
/// <param name="data">All of it. Owned by the message.</param>
/// <param name="subscription">The number of the subscription that it is for.</param>
/// <param name="subjectEnd">Where the subject ends.</param>
/// <param name="replyEnd">Where the reply subject ends.</param>
/// <param name="headersEnd">Where the headers end and the payload begins.</param>
internal readonly struct NatsMessage(byte[] data, long subscription, int subjectEnd, int replyEnd, int headersEnd)
{
    /// <summary>The number of the subscription that it is for.</summary>
    public long Subscription { get; } = subscription;

    /// <summary>The <see cref="ServerInfo.Id"/> of the server that it came from; "" until the session has said so.</summary>
    public string Server { get; init; } = "";

    /// <summary>What it was published to.</summary>
    public ReadOnlySpan<byte> Subject => data.AsSpan(0, subjectEnd);

    /// <summary>Where an answer goes; empty for none.</summary>
    public ReadOnlyMemory<byte> Reply => data.AsMemory(subjectEnd, replyEnd - subjectEnd);

    /// <summary>The header block, from its version line on; empty for none.</summary>
    public ReadOnlyMemory<byte> Headers => data.AsMemory(replyEnd, headersEnd - replyEnd);

    /// <summary>What was published.</summary>
    public ReadOnlyMemory<byte> Payload => data.AsMemory(headersEnd);

    /// <summary>The status of a message that the server itself makes, such as 408; 0 for none.</summary>
    public int Status => HeaderBlock.StatusOf(Headers.Span);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Subject);
}
