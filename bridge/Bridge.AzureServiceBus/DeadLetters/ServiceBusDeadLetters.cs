using System.Globalization;
using Amqp;
using Bridge.AzureServiceBus.Connections;
using Bridge.AzureServiceBus.Publishing;
using Bridge.AzureServiceBus.Receiving;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.DeadLetters;

/// <summary>A subscription's dead letters: the sub-queue that Service Bus keeps with it. They are looked at without being taken. Thread: any.</summary>
/// <param name="connection">The connection.</param>
/// <param name="place">The subscription.</param>
internal sealed class ServiceBusDeadLetters(ServiceBusConnection connection, EntityPlace place) : IDeadLetters
{
    private const int Page = 200;

    private readonly EntityManagement _management = new(connection, place.DeadLetters);
    private readonly TopicSender _copies = new(connection, place.Topic);

    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var count = 0L;
        await PeekAllAsync(_ => count++, cancellation);
        return count;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var oldest = new SortedSet<DeadLetter>(Comparer<DeadLetter>.Create(static (left, right) =>
            left.DiedAt != right.DiedAt ? left.DiedAt.CompareTo(right.DiedAt) : long.Parse(left.Id, null).CompareTo(long.Parse(right.Id, null))));
        await PeekAllAsync(
            message =>
            {
                oldest.Add(Describe(message));
                if (oldest.Count > max)
                {
                    oldest.Remove(oldest.Max!);
                }
            },
            cancellation);
        return [.. oldest];
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        EndAsync(
            ids,
            message =>
            {
                // A topic gives a message to all its subscriptions: the copy says whom it is for, and the others pass it by.
                var id = Guid.CreateVersion7().ToString("N");
                var fields = MessageFields.Read(message);
                var anew = fields with
                {
                    OnlyFor = place.Subscription,
                    PastAttempts = 0,
                    RetainedSince = connection.Time.GetUtcNow(),
                    Session = place.IsOrdered ? fields.Session ?? id : null,
                };

                // Not to be cancelled: what was begun is finished, so that nothing is there twice.
                return _copies.SendAsync(anew.ToAmqp(MessageFields.BodyOf(message), id, deliverAt: null), CancellationToken.None);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) => EndAsync(ids, _ => Task.CompletedTask, cancellation);

    private static string IdOf(Message message) => MessageFields.SequenceOf(message).ToString(CultureInfo.InvariantCulture);

    private static DeadLetter Describe(Message message)
    {
        var fields = MessageFields.Read(message);
        var died = MessageFields.Number(message, MessageFields.DiedName);
        return new DeadLetter
        {
            Id = IdOf(message),
            MessageId = fields.MessageId,
            PublishedAt = fields.PublishedAt,
            DiedAt = died is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment) : MessageFields.Enqueued(message) ?? fields.PublishedAt,
            Attempts = (int)(MessageFields.Number(message, MessageFields.DeadAttemptsName) ?? ServiceBusDelivery.AttemptOf(message, fields)),
            Reason = ReasonOf(message),
            Body = MessageFields.BodyOf(message),
            Attributes = fields.Attributes,
        };
    }

    // Others than this host give messages up too: the service itself, and other programs.
    private static DeadLetterReason ReasonOf(Message message)
    {
        var reason = MessageFields.Text(message, MessageFields.ReasonName) ?? "";
        var text = MessageFields.Text(message, MessageFields.DescriptionName) ?? "";
        if (Enum.TryParse<DeadLetterCause>(reason, out var cause) && Enum.IsDefined(cause))
        {
            return new DeadLetterReason(cause, text);
        }

        return new DeadLetterReason(
            reason == "TTLExpiredException" ? DeadLetterCause.Expired : DeadLetterCause.Failed, reason.Length == 0 ? text : $"{reason}: {text}");
    }

    private async Task PeekAllAsync(Action<Message> see, CancellationToken cancellation)
    {
        var next = 1L;
        while (await _management.PeekAsync(next, Page, cancellation) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                see(message);
                next = Math.Max(next, MessageFields.SequenceOf(message) + 1);
            }
        }
    }

    /// <summary>Does something to the chosen dead letters that there are now, and deletes them.</summary>
    private async Task<long> EndAsync(IReadOnlyCollection<string>? ids, Func<Message, Task> action, CancellationToken cancellation)
    {
        var asked = ids?.ToHashSet(StringComparer.Ordinal);
        var chosen = new HashSet<long>();
        await PeekAllAsync(
            message =>
            {
                if (asked?.Contains(IdOf(message)) != false)
                {
                    chosen.Add(MessageFields.SequenceOf(message));
                }
            },
            cancellation);
        if (chosen.Count == 0)
        {
            return 0;
        }

        var line = await connection.LineAsync(cancellation);
        await using var taker = await DeadLetterTaker.OpenAsync(connection, line, place.DeadLetters, _management, cancellation);
        var count = 0L;
        while (chosen.Count > 0 && await taker.NextAsync(cancellation) is { } message)
        {
            if (!chosen.Remove(MessageFields.SequenceOf(message)))
            {
                taker.Keep(message);
                continue;
            }

            await action(message);
            taker.Delete(message);
            count++;
        }

        return count;
    }
}
