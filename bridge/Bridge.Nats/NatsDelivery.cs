using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Nats.JetStream;
using Bridge.Nats.Protocol;
using Bridge.Nats.Receiving;

namespace Bridge.Nats;

/// <summary>A message of a consumer. Whatever becomes of it, the server confirms.</summary>
/// <param name="api">JetStream.</param>
/// <param name="feed">Where it comes from.</param>
/// <param name="open">The deliveries of its source that haven't ended.</param>
/// <param name="message">The message.</param>
/// <param name="nanoseconds">When it was stored, in nanoseconds since 1970.</param>
internal sealed class NatsDelivery(JetStreamApi api, Feed feed, OpenDeliveries open, NatsMessage message, long nanoseconds) : Delivery
{
    // Six bytes for a character in JSON, eight for six in base64: it fits in the room that the longest message that is published leaves.
    private const int MaxReason = 3500;

    private static readonly byte[] Done = "+ACK"u8.ToArray();
    private static readonly byte[] Again = "-NAK"u8.ToArray();
    private static readonly byte[] Running = "+WPI"u8.ToArray();
    private static readonly byte[] Ended = "+TERM"u8.ToArray();

    private static readonly Task<Exception?> Well = Task.FromResult<Exception?>(null);

    private NatsMessage Message => message;

    /// <inheritdoc/>
    public override TimeSpan? Lease => feed.Lease;

    /// <inheritdoc/>
    public override async Task AcknowledgeAsync(CancellationToken cancellation)
    {
        Remember();
        await EndAsync(Done, cancellation);
    }

    /// <summary>Acknowledges many with one write; those that don't get there so one by one, with all patience.</summary>
    /// <param name="api">JetStream.</param>
    /// <param name="deliveries">Deliveries of one source.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Of each in turn what went wrong; null where the server has taken note.</returns>
    internal static async Task<Exception?[]> AcknowledgeAsync(JetStreamApi api, IReadOnlyList<Delivery> deliveries, CancellationToken cancellation)
    {
        var all = deliveries.Cast<NatsDelivery>().ToArray();
        Array.ForEach(all, static delivery => delivery.Remember());
        var isTold = await api.TryTellOnceAsync(Array.ConvertAll(all, static delivery => delivery.Message), Done, cancellation);
        return await Task.WhenAll(all.Select((delivery, index) => isTold[index] ? delivery.EndAsync() : delivery.TryAcknowledgeAsync(cancellation)));
    }

    /// <inheritdoc/>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => EndAsync(AgainAfter(delay), cancellation);

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation) => EndAsync(Again, cancellation);

    /// <inheritdoc/>
    public override async Task ExtendAsync(CancellationToken cancellation)
    {
        if (!await api.TryTellAsync(message, Running, cancellation))
        {
            throw Forgotten();
        }
    }

    /// <inheritdoc/>
    public override async Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        var header = new DeadLetterHeader
        {
            MessageId = MessageId,
            Subject = Encoding.UTF8.GetString(message.Subject),
            PublishedAt = PublishedAt,
            Attempts = Attempt,
            Cause = reason.Cause,
            Reason = reason.Text.Length > MaxReason ? reason.Text[..MaxReason] + "…" : reason.Text,
        };

        // Number and time name the message for good, so that it is there once also where it comes here twice.
        var id = string.Create(CultureInfo.InvariantCulture, $"dead~{MessageId}~{nanoseconds}");
        var headers = MessageHeaders.Write(Attributes, (MessageHeaders.Dead, MessageHeaders.Encode(header)), (MessageHeaders.MessageId, id));
        await api.PublishOnceAsync(feed.DeadLetters, headers, Body, cancellation);
        await EndAsync(Ended, cancellation);
    }

    /// <summary>A stream's number as an id.</summary>
    internal static string IdOf(ulong sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>What asks for a message to come again after a while.</summary>
    internal static byte[] AgainAfter(TimeSpan delay) =>
        delay <= TimeSpan.Zero ? Again : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""-NAK {"delay":{{delay.Ticks * TimeSpan.NanosecondsPerTick}}}"""));

    // Before the server is told: it may have taken note where its answer is lost.
    private void Remember() => feed.Acknowledged?.Add(MessageId, nanoseconds);

    /// <summary>The server knows that it is acknowledged.</summary>
    private Task<Exception?> EndAsync()
    {
        open.Remove(message);
        return Well;
    }

    private async Task<Exception?> TryAcknowledgeAsync(CancellationToken cancellation)
    {
        try
        {
            await AcknowledgeAsync(cancellation);
            return null;
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            return error;
        }
    }

    private async Task EndAsync(byte[] word, CancellationToken cancellation)
    {
        var isTold = await api.TryTellAsync(message, word, cancellation);
        open.Remove(message);

        // One that is remembered as acknowledged is known when it comes again.
        if (!isTold && (word != Done || feed.Acknowledged is null))
        {
            throw Forgotten();
        }
    }

    private BrokerException Forgotten() =>
        new($"NATS was started anew, or failed over, since it sent message {MessageId} of the stream {feed.Stream}: the message comes again.");
}
