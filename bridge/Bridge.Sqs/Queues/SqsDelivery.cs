using System.Globalization;
using System.Text;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.DeadLetters;

namespace Bridge.Sqs.Queues;

/// <summary>A message of a queue in the hands of this process.</summary>
internal sealed class SqsDelivery : Delivery
{
    private readonly SqsQueue _queue;
    private readonly DeadLetterQueue _dead;
    private readonly SqsSource _source;
    private readonly string _id;
    private readonly string _receipt;
    private readonly TimeSpan _lease;
    private readonly long _receivedAt;

    private SqsDelivery(SqsQueue queue, DeadLetterQueue dead, SqsSource source, TimeSpan lease, string id, string receipt)
    {
        _source = source;
        _queue = queue;
        _dead = dead;
        _lease = lease;
        _id = id;
        _receipt = receipt;
        _receivedAt = queue.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public override TimeSpan? Lease => _lease;

    /// <summary>Of a FIFO queue, the group whose messages keep their order; null for none.</summary>
    public string? Group { get; private init; }

    /// <summary>The message's place in its group's line; null where it has none.</summary>
    public GroupLine? Line { get; set; }

    /// <summary>Makes one of what was received.</summary>
    public static SqsDelivery From(Message message, SqsQueue queue, DeadLetterQueue dead, TimeSpan lease, SqsSource source)
    {
        var attributes = message.Attributes ?? [];
        var receptions = int.Parse(attributes.GetValueOrDefault("ApproximateReceiveCount", "1"), CultureInfo.InvariantCulture);
        var envelope = SnsEnvelope.Read(message.Body);
        return new SqsDelivery(queue, dead, source, lease, message.MessageId, message.ReceiptHandle)
        {
            MessageId = envelope?.MessageId ?? message.MessageId,
            Attempt = Math.Max(1, receptions - queue.Releases.Of(message.MessageId)),
            PublishedAt = envelope?.PublishedAt ?? SentAt(attributes, queue.Time),
            Body = envelope?.Body ?? Encoding.UTF8.GetBytes(message.Body),
            Attributes = EmptyAttributes.Restore(envelope?.Attributes ?? TextsOf(message.MessageAttributes)),
            Group = queue.IsFifo ? attributes.GetValueOrDefault("MessageGroupId") : null,
        };
    }

    /// <inheritdoc/>
    public override async Task AcknowledgeAsync(CancellationToken cancellation)
    {
        try
        {
            await _queue.DeleteAsync(_receipt, cancellation);
        }
        catch
        {
            // Justification: nothing is handled, the line only learns that order can't be kept past this message.
            Break();
            throw;
        }

        _source.Forget(this);
        Line?.Advance();
    }

    /// <inheritdoc/>
    public override async Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        // What SQS hides a message for counts from its reception.
        var left = SqsQueue.MaxVisibility - _queue.Time.GetElapsedTime(_receivedAt) - _lease;
        try
        {
            if (delay < TimeSpan.FromSeconds(1))
            {
                // SQS counts in whole seconds.
                await Task.Delay(delay, _queue.Time, cancellation);
                delay = TimeSpan.Zero;
            }

            await _queue.HideAsync(_receipt, delay < left ? delay : left, cancellation);
        }
        finally
        {
            Break();
        }
    }

    /// <inheritdoc/>
    public override async Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        try
        {
            await _dead.AddAsync(this, reason, cancellation);
        }
        catch
        {
            // Justification: as above.
            Break();
            throw;
        }

        await AcknowledgeAsync(cancellation);
    }

    /// <inheritdoc/>
    public override async Task ReleaseAsync(CancellationToken cancellation)
    {
        _queue.Releases.Add(_id);
        try
        {
            await _queue.HideAsync(_receipt, TimeSpan.Zero, cancellation);
        }
        finally
        {
            Break();
        }
    }

    /// <inheritdoc/>
    public override async Task ExtendAsync(CancellationToken cancellation)
    {
        await HoldAsync(cancellation);
        if (Line is { } line)
        {
            await line.HoldFollowersAsync(cancellation);
        }
    }

    /// <summary>Begins its own lease anew.</summary>
    public Task HoldAsync(CancellationToken cancellation) => _queue.HideAsync(_receipt, _lease, cancellation);

    private void Break()
    {
        _source.Forget(this);
        Line?.Break();
    }

    private static DateTimeOffset SentAt(Dictionary<string, string> attributes, TimeProvider time) =>
        attributes.TryGetValue("SentTimestamp", out var sent)
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(sent, CultureInfo.InvariantCulture))
            : time.GetUtcNow();

    private static Dictionary<string, string> TextsOf(Dictionary<string, MessageAttributeValue>? attributes) =>
        (attributes ?? []).Where(attribute => attribute.Value.StringValue is not null)
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value.StringValue, StringComparer.Ordinal);
}
