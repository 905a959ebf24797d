using System.Buffers.Text;

namespace Bridge.Nats.JetStream;

/// <summary>What a delivered message's reply subject says of it.</summary>
/// <remarks>
/// <c>$JS.ACK.&lt;stream&gt;.&lt;consumer&gt;.&lt;delivered&gt;.&lt;stream seq&gt;.&lt;consumer seq&gt;.&lt;time&gt;.&lt;pending&gt;</c>; newer servers put domain and account before
/// the stream and may put a token behind. Source: NATS ADR-15.
/// </remarks>
/// <param name="Delivered">How often the message was delivered, with this time.</param>
/// <param name="StreamSequence">Its number in the stream.</param>
/// <param name="StoredAt">When it was stored.</param>
/// <param name="Nanoseconds">The same, in nanoseconds since 1970.</param>
internal readonly record struct AckSubject(int Delivered, ulong StreamSequence, DateTimeOffset StoredAt, long Nanoseconds)
{
    private const int ShortForm = 9;
    private const int MaxTokens = 16;

    /// <summary>Reads one.</summary>
    /// <returns>Whether the subject is one.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> subject, out AckSubject result)
    {
        result = default;
        Span<Range> tokens = stackalloc Range[MaxTokens];
        var count = 0;
        foreach (var token in subject.Split((byte)'.'))
        {
            if (count == MaxTokens)
            {
                return false;
            }

            tokens[count++] = token;
        }

        if (count < ShortForm || !subject.StartsWith("$JS.ACK."u8))
        {
            return false;
        }

        // The long form has two more before the stream.
        var first = count == ShortForm ? 4 : 6;
        if (count < first + 4
            || !Utf8Parser.TryParse(subject[tokens[first]], out int delivered, out _)
            || !Utf8Parser.TryParse(subject[tokens[first + 1]], out ulong sequence, out _)
            || !Utf8Parser.TryParse(subject[tokens[first + 3]], out long nanoseconds, out _))
        {
            return false;
        }

        var storedAt = DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        result = new AckSubject(delivered, sequence, storedAt, nanoseconds);
        return true;
    }
}
