using System.Threading.Channels;
using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Bridge.GooglePubSub.Receiving;
using Google.Protobuf;

namespace Bridge.GooglePubSub.DeadLetters;

/// <summary>
/// A subscription's dead letters: a topic of their own with a subscription that keeps them. Thread: any.
/// </summary>
/// <remarks>
/// Pub/Sub can't be read without receiving: looking takes all messages for a moment, and gives them back. Replaying publishes to the topic, whose
/// other subscriptions know by an attribute that they aren't meant; who isn't this host has to look at it himself.
/// </remarks>
/// <param name="connection">The service.</param>
/// <param name="home">The full name of the subscription whose dead letters these are.</param>
/// <param name="homeTopic">The full name of its topic.</param>
/// <param name="topic">The full name of the topic with the dead letters.</param>
/// <param name="keeper">The subscription that keeps them.</param>
internal sealed class GoogleDeadLetters(GoogleConnection connection, string home, string homeTopic, string topic, SubscriptionLink keeper) : IDeadLetters
{
    // Long enough that nothing comes a second time while it is looked at.
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(5);

    // All there is arrives in one go; after so long a silence it has.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(700);

    // The first may need a connection.
    private static readonly TimeSpan FirstSilence = TimeSpan.FromSeconds(2);

    /// <summary>Adds a message that was given up.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="key">The key whose order it keeps; "" for none.</param>
    /// <param name="reason">Why it was given up.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task AddAsync(Delivery delivery, string key, DeadLetterReason reason, CancellationToken cancellation)
    {
        var message = new PubsubMessage { Data = ByteString.CopyFrom(delivery.Body.Span) };
        message.Attributes.Add(delivery.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value, StringComparer.Ordinal));
        DeadLetterAttributes.Write(message.Attributes, delivery, key, reason, connection.Time.GetUtcNow());
        return PublishAsync(topic, message, cancellation);
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var count = 0L;
        await VisitAsync(
            _ =>
            {
                count++;
                return Task.FromResult(false);
            },
            cancellation);
        return count;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var oldest = new SortedSet<DeadLetter>(Comparer<DeadLetter>.Create(static (left, right) =>
            left.DiedAt != right.DiedAt ? left.DiedAt.CompareTo(right.DiedAt) : string.CompareOrdinal(left.Id, right.Id)));
        await VisitAsync(
            message =>
            {
                oldest.Add(DeadLetterAttributes.Read(message));
                if (oldest.Count > max)
                {
                    oldest.Remove(oldest.Max!);
                }

                return Task.FromResult(false);
            },
            cancellation);
        return [.. oldest];
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        EndAsync(ids, message => PublishAsync(homeTopic, DeadLetterAttributes.Revive(message, home), CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) => EndAsync(ids, static _ => Task.CompletedTask, cancellation);

    private Task<PublishResponse> PublishAsync(string path, PubsubMessage message, CancellationToken cancellation)
    {
        var request = new PublishRequest { Topic = path, Messages = { message } };
        return connection.RepeatAsync($"publishing to Pub/Sub topic {path}", options => connection.Publisher.PublishAsync(request, options), cancellation);
    }

    private async Task<long> EndAsync(IReadOnlyCollection<string>? ids, Func<PubsubMessage, Task> action, CancellationToken cancellation)
    {
        var chosen = ids?.ToHashSet(StringComparer.Ordinal);
        var begin = connection.Time.GetUtcNow();
        var count = 0L;
        await VisitAsync(
            async message =>
            {
                // What died since then isn't meant: replaying would never end where the handler still fails.
                if (chosen is null ? DeadLetterAttributes.Read(message).DiedAt > begin : !chosen.Contains(message.MessageId))
                {
                    return false;
                }

                await action(message);
                count++;
                return true;
            },
            cancellation);
        return count;
    }

    /// <summary>Looks at each message once, and gives those back that stay.</summary>
    private async Task VisitAsync(Func<PubsubMessage, Task<bool>> visit, CancellationToken cancellation)
    {
        // Bounded by the stream: it is read as fast as messages are dealt with.
        var messages = Channel.CreateUnbounded<ReceivedMessage>();
        var stream = new PullStream(keeper, Hidden, limit: 0, answer =>
        {
            foreach (var message in answer)
            {
                messages.Writer.TryWrite(message);
            }
        });
        _ = stream.Ended.ContinueWith(_ => messages.Writer.TryComplete(), TaskScheduler.Default);
        var kept = new List<string>();
        try
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (await ReadAsync(messages.Reader, seen.Count == 0 ? FirstSilence : Silence, cancellation) is { } message)
            {
                if (!seen.Add(message.Message.MessageId) || !await visit(message.Message))
                {
                    kept.Add(message.AckId);
                    continue;
                }

                await keeper.AcknowledgeAsync(message.AckId, CancellationToken.None);
            }
        }
        finally
        {
            await stream.CloseAsync();
            while (messages.Reader.TryRead(out var late))
            {
                kept.Add(late.AckId);
            }

            await Task.WhenAll(kept.Select(ackId => keeper.DeferAsync(ackId, TimeSpan.Zero, CancellationToken.None)));
        }

        if (await stream.Ended is { } refusal)
        {
            throw refusal;
        }
    }

    /// <returns>null after a silence.</returns>
    private async Task<ReceivedMessage?> ReadAsync(ChannelReader<ReceivedMessage> reader, TimeSpan silence, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(silence, connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }
}
