using System.Globalization;
using System.Runtime.CompilerServices;
using Bridge.Core.PubSub;
using Bridge.Nats.JetStream;

namespace Bridge.Nats;

/// <summary>A subscription's dead letters: a stream of their own, where each stays until it is replayed or deleted.</summary>
/// <param name="api">JetStream.</param>
/// <param name="stream">The stream's name.</param>
/// <param name="subscription">Whose they are.</param>
internal sealed class NatsDeadLetters(JetStreamApi api, string stream, BrokerSubscription subscription) : IDeadLetters
{
    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation) => (await StateAsync(cancellation)).Messages;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var letters = new List<DeadLetter>();
        await foreach (var message in ReadAsync(cancellation))
        {
            letters.Add(Describe(message));
            if (letters.Count >= max)
            {
                break;
            }
        }

        return letters;
    }

    /// <inheritdoc/>
    public async Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var message in ChooseAsync(ids, cancellation))
        {
            var headers = MessageHeaders.Read(message.Hdrs);
            if (DeadHeaderOf(headers) is not { } dead)
            {
                continue;
            }

            // The id makes a second try after a broken connection the same as the first.
            var block = MessageHeaders.Write(
                headers.Attributes,
                (MessageHeaders.OnlyFor, NatsNames.Safe(subscription.Address)),
                (MessageHeaders.MessageId, string.Create(CultureInfo.InvariantCulture, $"replay~{stream}~{message.Seq}~{message.Time.UtcTicks}")));
            await api.PublishOnceAsync(dead.Subject, block, message.Data ?? [], cancellation);
            await api.DeleteAsync(stream, message.Seq, cancellation);
            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        if (ids is null)
        {
            var state = await StateAsync(cancellation);
            return state.Messages == 0 ? 0 : await api.PurgeAsync(stream, state.LastSeq + 1, cancellation);
        }

        var count = 0L;
        foreach (var number in Numbers(ids))
        {
            count += await api.DeleteAsync(stream, number, cancellation) ? 1 : 0;
        }

        return count;
    }

    private static DeadLetterHeader? DeadHeaderOf(ReceivedHeaders headers) =>
        headers.Own.TryGetValue(MessageHeaders.Dead, out var text) ? MessageHeaders.DecodeDead(text) : null;

    private static IEnumerable<ulong> Numbers(IEnumerable<string> ids) =>
        ids.Select(id => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0).Distinct();

    private static DeadLetter Describe(StoredMessage message)
    {
        var headers = MessageHeaders.Read(message.Hdrs);
        var dead = DeadHeaderOf(headers);
        var id = NatsDelivery.IdOf(message.Seq);
        return new DeadLetter
        {
            Id = id,
            MessageId = dead?.MessageId ?? id,
            PublishedAt = dead?.PublishedAt,
            DiedAt = message.Time,
            Attempts = dead?.Attempts ?? 0,
            Reason = dead is null
                ? new DeadLetterReason(DeadLetterCause.Failed, "put here by another program")
                : new DeadLetterReason(dead.Cause, dead.Reason),
            Body = message.Data ?? [],
            Attributes = headers.Attributes,
        };
    }

    private async Task<StreamState> StateAsync(CancellationToken cancellation) =>
        (await api.StreamAsync(stream, cancellation))?.State
        ?? throw new BrokerException($"NATS has no stream {stream}, which keeps the dead letters of {subscription.Name}.", "Start the host with provisioning on, or make it.", isTransient: false);

    private IAsyncEnumerable<StoredMessage> ChooseAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        ids is null ? ReadAsync(cancellation) : FindAsync(ids, cancellation);

    private async IAsyncEnumerable<StoredMessage> FindAsync(IReadOnlyCollection<string> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var number in Numbers(ids).Order())
        {
            if (await api.MessageAsync(stream, number, orNext: false, cancellation) is { } message)
            {
                yield return message;
            }
        }
    }

    /// <summary>Those that there are now, oldest first.</summary>
    private async IAsyncEnumerable<StoredMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        var next = state.FirstSeq;
        while (state.Messages > 0 && next <= state.LastSeq)
        {
            if (await api.MessageAsync(stream, Math.Max(next, 1), orNext: true, cancellation) is not { } message || message.Seq > state.LastSeq)
            {
                yield break;
            }

            next = message.Seq + 1;
            yield return message;
        }
    }
}
