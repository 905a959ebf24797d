using System.Text;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;

namespace Bridge.Sqs.DeadLetters;

/// <summary>
/// A subscription's dead letters: a queue of their own that nobody receives from, beside the one the messages came by. Thread: any.
/// </summary>
/// <remarks>
/// SQS can't be read without receiving: looking hides all messages from other onlookers for a moment, and shows them again. It keeps them for
/// 14 days, no longer.
/// </remarks>
/// <param name="find">Finds the queue with the dead letters.</param>
/// <param name="home">Finds the queue where they came from.</param>
/// <param name="time">The clock.</param>
internal sealed class DeadLetterQueue(
    Func<CancellationToken, Task<SqsQueue>> find, Func<CancellationToken, Task<SqsQueue>> home, TimeProvider time) : IDeadLetters
{
    // While they are looked at.
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(2);

    // More than a look at all of SQS's servers needs; without a wait it asks only some of them.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private const int MaxOfRequest = 10;

    /// <summary>Adds a message that was given up.</summary>
    public async Task AddAsync(SqsDelivery delivery, DeadLetterReason reason, CancellationToken cancellation)
    {
        var queue = await find(cancellation);
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        var isBase64 = text.Length == 0 || !AwsText.IsSendable(text);
        var record = DeadLetterRecord.Of(delivery, reason, time.GetUtcNow(), isBase64);
        var request = new SendMessageRequest
        {
            MessageBody = isBase64 ? Convert.ToBase64String(delivery.Body.Span) : text,
            MessageAttributes = new Dictionary<string, MessageAttributeValue>(StringComparer.Ordinal)
            {
                [DeadLetterRecord.AttributeName] = new() { DataType = "String", StringValue = record.Write() },
            },
        };
        await queue.SendAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation) => await (await find(cancellation)).CountAsync(cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var oldest = new SortedSet<DeadLetter>(Comparer<DeadLetter>.Create(static (left, right) =>
            left.DiedAt != right.DiedAt ? left.DiedAt.CompareTo(right.DiedAt) : string.CompareOrdinal(left.Id, right.Id)));
        var queue = await find(cancellation);
        await VisitAsync(
            queue,
            message =>
            {
                oldest.Add(message.ToDeadLetter());
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
    public async Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation)
    {
        var target = await home(cancellation);
        return await EndAsync(ids, message => target.SendAsync(RequestFor(message, target.IsFifo), CancellationToken.None), cancellation);
    }

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        EndAsync(ids, static _ => Task.CompletedTask, cancellation);

    // As SNS would deliver it: with its id and all its attributes. Its retention begins anew.
    private SendMessageRequest RequestFor(DeadMessage message, bool isFifo) => new()
    {
        MessageBody = SnsEnvelope.Write(message.Record.MessageId, time.GetUtcNow(), message.Body, message.Record.Attributes),
        MessageGroupId = isFifo ? message.Record.Group ?? message.Id : null,
        MessageDeduplicationId = isFifo ? message.Id : null,
    };

    /// <summary>Does something to the chosen dead letters, and deletes them.</summary>
    private async Task<long> EndAsync(IReadOnlyCollection<string>? ids, Func<DeadMessage, Task> action, CancellationToken cancellation)
    {
        var chosen = ids?.ToHashSet(StringComparer.Ordinal);
        var begin = time.GetUtcNow();
        var count = 0L;
        var queue = await find(cancellation);
        await VisitAsync(
            queue,
            async message =>
            {
                // What died since then isn't meant: replaying would never end where the handler still fails.
                if (chosen is null ? message.Record.DiedAt > begin : !chosen.Contains(message.Id))
                {
                    return false;
                }

                await action(message);
                await queue.DeleteAsync(message.Receipt, CancellationToken.None);
                count++;
                return true;
            },
            cancellation);
        return count;
    }

    /// <summary>Looks at each message once, and shows those again that stay.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="visit">What is done with a message, several at a time one after the other; whether it is gone then.</param>
    /// <param name="cancellation">Ends it.</param>
    private async Task VisitAsync(SqsQueue queue, Func<DeadMessage, Task<bool>> visit, CancellationToken cancellation)
    {
        var kept = new List<(string Receipt, DateTimeOffset DiedAt)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var end = time.GetTimestamp();
        try
        {
            // Past the time that the first ones are hidden for, they would come a second time.
            while (time.GetElapsedTime(end) < Hidden / 2)
            {
                var messages = await queue.ReceiveAsync(MaxOfRequest, Hidden, Wait, requestId: null, cancellation);
                if (messages.Count == 0)
                {
                    break;
                }

                foreach (var message in messages.Select(DeadMessage.From))
                {
                    if (!seen.Add(message.Id) || !await visit(message))
                    {
                        kept.Add((message.Receipt, message.Record.DiedAt));
                    }
                }
            }
        }
        finally
        {
            var shown = kept.OrderBy(message => message.DiedAt).Select(message => queue.HideAsync(message.Receipt, TimeSpan.Zero, CancellationToken.None));
            await Task.WhenAll(shown);
        }
    }
}
