using System.Text;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>
/// A subscription's dead letters: a compacted topic whose records are named by their keys; a record without a value takes one away. Thread: any.
/// </summary>
/// <remarks>Kafka keeps no index: to count and to list is to read the topic.</remarks>
internal sealed class DeadLetterTopic(SubscriptionNames names, KafkaClients clients, KafkaSender sender) : IDeadLetters
{
    // Moved at a time; a cancellation takes effect between two.
    private const int BatchSize = 100;

    private readonly TopicReader _reader = new(names.Dead, clients);

    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation) => (await IndexAsync(cancellation)).Count;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var index = await IndexAsync(cancellation);
        var wanted = index.OrderBy(letter => letter.Value.DiedAt).Take(max).Select(letter => letter.Value.Place).ToHashSet();
        var letters = new List<DeadLetter>(wanted.Count);
        await VisitAsync(wanted, batch =>
        {
            letters.AddRange(batch.Select(LetterOf));
            return Task.CompletedTask;
        }, cancellation);
        letters.Sort((left, right) => left.DiedAt.CompareTo(right.DiedAt));
        return letters;
    }

    /// <inheritdoc/>
    /// <remarks>A host that ends between the two writes leaves a message in both places: it is never in none.</remarks>
    public async Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var moved = 0L;
        await VisitAsync(await ChooseAsync(ids, cancellation), async batch =>
        {
            await SendAsync(names.Retry, batch.ConvertAll(ReplayOf));
            await SendAsync(names.Dead, batch.ConvertAll(record => RemovalOf(record.Message.Key)));
            moved += batch.Count;
        }, cancellation);
        return moved;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var index = await IndexAsync(cancellation);
        var keys = ids is null ? [.. index.Keys] : ids.Where(index.ContainsKey).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var batch in keys.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            await SendAsync(names.Dead, [.. batch.Select(key => RemovalOf(Encoding.UTF8.GetBytes(key)))]);
        }

        return keys.Length;
    }

    private async Task<HashSet<TopicPartitionOffset>> ChooseAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var index = await IndexAsync(cancellation);
        return ids is null
            ? [.. index.Values.Select(letter => letter.Place)]
            : [.. ids.Where(index.ContainsKey).Select(id => index[id].Place)];
    }

    /// <summary>Where each dead letter is, by its id.</summary>
    private async Task<Dictionary<string, Grave>> IndexAsync(CancellationToken cancellation)
    {
        var index = new Dictionary<string, Grave>(StringComparer.Ordinal);
        await _reader.ReadAsync(record =>
        {
            var id = IdOf(record);
            if (record.Message.Value is null)
            {
                index.Remove(id);
            }
            else if (RecordNotes.Parse(record.Message.Headers) is { } notes)
            {
                index[id] = new Grave(record.TopicPartitionOffset, notes.DiedAt);
            }
        }, cancellation);
        return index;
    }

    /// <summary>Reads chosen dead letters again, a batch at a time.</summary>
    private async Task VisitAsync(HashSet<TopicPartitionOffset> places, Func<List<ConsumeResult<byte[], byte[]>>, Task> visit, CancellationToken cancellation)
    {
        if (places.Count == 0)
        {
            return;
        }

        await foreach (var batch in _reader.ReadBatchesAsync(record => places.Contains(record.TopicPartitionOffset), BatchSize, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            await visit(batch);
        }
    }

    private async Task SendAsync(string topic, IReadOnlyList<Message<byte[], byte[]>> messages)
    {
        // Not to be cancelled: half of a batch that is known to be written is worth more than one that isn't.
        var results = await sender.SendAsync(topic, messages, CancellationToken.None);
        if (Array.Find(results, result => result.Error is not null).Error is { } error)
        {
            throw error;
        }
    }

    private static Message<byte[], byte[]> ReplayOf(ConsumeResult<byte[], byte[]> record)
    {
        var now = DateTimeOffset.UtcNow;
        var notes = NotesOf(record) with { PublishedAt = now, Attempt = 1, DueAt = now, Reason = null };
        return new Message<byte[], byte[]>
        {
            Key = null!,
            Value = record.Message.Value,
            Headers = notes.ToHeaders(RecordNotes.AttributesOf(record.Message.Headers, hasNotes: true)),
        };
    }

    private static Message<byte[], byte[]> RemovalOf(byte[] key) => new() { Key = key, Value = null! };

    private static DeadLetter LetterOf(ConsumeResult<byte[], byte[]> record)
    {
        var notes = NotesOf(record);
        return new DeadLetter
        {
            Id = IdOf(record),
            MessageId = notes.MessageId,
            PublishedAt = notes.PublishedAt,
            DiedAt = notes.DiedAt,
            Attempts = notes.Attempt,
            Reason = notes.Reason ?? new DeadLetterReason(DeadLetterCause.Failed, ""),
            Body = record.Message.Value,
            Attributes = RecordNotes.AttributesOf(record.Message.Headers, hasNotes: true),
        };
    }

    private static string IdOf(ConsumeResult<byte[], byte[]> record) => Encoding.UTF8.GetString(record.Message.Key ?? []);

    private static RecordNotes NotesOf(ConsumeResult<byte[], byte[]> record) =>
        RecordNotes.Parse(record.Message.Headers) ?? throw new InvalidDataException($"The record at {record.TopicPartitionOffset} has no notes.");

    /// <summary>Where a dead letter is, and since when.</summary>
    private readonly record struct Grave(TopicPartitionOffset Place, DateTimeOffset DiedAt);
}
