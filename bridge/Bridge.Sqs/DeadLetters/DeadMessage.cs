using System.Globalization;
using System.Text;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;

namespace Bridge.Sqs.DeadLetters;

/// <summary>A dead letter as it was received. Immutable.</summary>
/// <param name="Id">SQS's id of it.</param>
/// <param name="Receipt">By which it is deleted or shown again.</param>
/// <param name="SentAt">Since when it is there.</param>
/// <param name="Record">What is known of the message.</param>
/// <param name="Body">What was published.</param>
internal sealed record DeadMessage(string Id, string Receipt, DateTimeOffset SentAt, DeadLetterRecord Record, byte[] Body)
{
    /// <summary>Reads one; also one that AWS itself moved here by a redrive policy.</summary>
    public static DeadMessage From(Message message)
    {
        var sentAt = SentAtOf(message);
        if (message.MessageAttributes?.GetValueOrDefault(DeadLetterRecord.AttributeName)?.StringValue is { } text && DeadLetterRecord.Read(text) is { } record)
        {
            var body = record.IsBase64 ? Convert.FromBase64String(message.Body) : Encoding.UTF8.GetBytes(message.Body);
            return new DeadMessage(message.MessageId, message.ReceiptHandle, sentAt, record, body);
        }

        var envelope = SnsEnvelope.Read(message.Body);
        var attributes = message.Attributes ?? [];
        return new DeadMessage(message.MessageId, message.ReceiptHandle, sentAt, Guess(message, envelope, sentAt, attributes), envelope?.Body.ToArray() ?? Encoding.UTF8.GetBytes(message.Body));
    }

    /// <summary>As people see it.</summary>
    public DeadLetter ToDeadLetter() => new()
    {
        Id = Id,
        MessageId = Record.MessageId,
        PublishedAt = Record.PublishedAt,
        DiedAt = Record.DiedAt,
        Attempts = Record.Attempts,
        Reason = Record.Reason,
        Body = Body,
        Attributes = Record.Attributes,
    };

    private static DeadLetterRecord Guess(Message message, SnsEnvelope? envelope, DateTimeOffset sentAt, Dictionary<string, string> attributes) => new()
    {
        MessageId = envelope?.MessageId ?? message.MessageId,
        PublishedAt = envelope?.PublishedAt ?? sentAt,
        DiedAt = sentAt,
        Attempts = int.Parse(attributes.GetValueOrDefault("ApproximateReceiveCount", "1"), CultureInfo.InvariantCulture),
        Reason = new DeadLetterReason(DeadLetterCause.Failed, "moved here by the queue's own redrive policy"),
        Group = attributes.GetValueOrDefault("MessageGroupId"),
        Attributes = envelope?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal),
    };

    private static DateTimeOffset SentAtOf(Message message) => DateTimeOffset.FromUnixTimeMilliseconds(
        long.Parse((message.Attributes ?? []).GetValueOrDefault("SentTimestamp", "0"), CultureInfo.InvariantCulture));
}
