using System.Globalization;
using System.Text;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;

namespace Bridge.Sqs.DeadLetters;

/// <summary>A dead letter as it was received. Immutable.</summary>
/// <param name="Id">SQS's id of it.</param>
/// <param name="Receipt">By which it is deleted or shown again.</param>
/// <param name="Record">What is known of the message.</param>
/// <param name="Body">What was published.</param>
internal sealed record DeadMessage(string Id, string Receipt, DeadLetterRecord Record, byte[] Body)
{
    /// <summary>Reads one; also one that AWS itself moved here by a redrive policy.</summary>
    public static DeadMessage From(Message message)
    {
        if (message.MessageAttributes?.GetValueOrDefault(DeadLetterRecord.AttributeName)?.StringValue is { } text && DeadLetterRecord.Read(text) is { } record)
        {
            var body = record.IsBase64 ? Convert.FromBase64String(message.Body) : Encoding.UTF8.GetBytes(message.Body);
            return new DeadMessage(message.MessageId, message.ReceiptHandle, record, body);
        }

        var envelope = SnsEnvelope.Read(message.Body);
        return new DeadMessage(
            message.MessageId, message.ReceiptHandle, Guess(message, envelope), envelope?.Body.ToArray() ?? Encoding.UTF8.GetBytes(message.Body));
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

    private static DeadLetterRecord Guess(Message message, SnsEnvelope? envelope)
    {
        var attributes = message.Attributes ?? [];
        var sentAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(attributes.GetValueOrDefault("SentTimestamp", "0"), CultureInfo.InvariantCulture));
        return new DeadLetterRecord
        {
            MessageId = envelope?.MessageId ?? message.MessageId,
            PublishedAt = envelope?.PublishedAt ?? sentAt,
            DiedAt = sentAt,
            Attempts = int.Parse(attributes.GetValueOrDefault("ApproximateReceiveCount", "1"), CultureInfo.InvariantCulture),
            Reason = new DeadLetterReason(DeadLetterCause.Failed, "moved here by the queue's own redrive policy"),
            Group = attributes.GetValueOrDefault("MessageGroupId"),
            Attributes = EmptyAttributes.Restore(envelope?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal)),
        };
    }
}
