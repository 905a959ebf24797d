using System.Text.Json.Nodes;
using Bridge.Core.Errors;
using Bridge.Core.PubSub;
using Bridge.Postgres.Outbox;
using Encore.Host.Http;
using Encore.Host.Logging;

namespace Encore.Host.PubSub;

/// <summary>The lines that messages leave in the log. Thread: any.</summary>
/// <param name="log">Where they go.</param>
internal sealed class MessageLog(LogSink log) : ISubscriptionObserver, IOutboxObserver
{
    /// <summary>Says what a topic asks for and its broker can't do.</summary>
    public void TellWhatIsMissing(BrokerTopic topic, BrokerTraits traits)
    {
        if (topic.IsOrdered && !traits.KeepsOrder)
        {
            log.Write(LogSeverity.Warn, $"topic {topic.Name} asks for order, which {traits.Name} doesn't keep: its messages may overtake each other");
        }

        if (topic.Guarantee == DeliveryGuarantee.ExactlyOnce && !traits.Deduplicates)
        {
            log.Write(LogSeverity.Warn, $"topic {topic.Name} asks for delivery exactly once, and {traits.Name} doesn't know messages again: they may come twice");
        }
    }

    /// <summary>The handler is about to be called.</summary>
    public void Started(ApplicationSubscription subscription, Delivery delivery, TraceId trace, SpanId span)
    {
        if (log.IsEnabled(LogSeverity.Info))
        {
            log.Write(Line(LogSeverity.Info, "starting request", subscription, delivery, trace, span));
        }
    }

    /// <summary>The handler has finished.</summary>
    public void Completed(ApplicationSubscription subscription, Delivery delivery, TraceId trace, SpanId span, TimeSpan duration)
    {
        if (log.IsEnabled(LogSeverity.Info))
        {
            var line = Line(LogSeverity.Info, "request completed", subscription, delivery, trace, span);
            line.Code = ErrorCode.Ok;
            line.Duration = duration;
            log.Write(line);
        }
    }

    /// <summary>The handler threw.</summary>
    public void Failed(ApplicationSubscription subscription, Delivery delivery, TraceId trace, SpanId span, HandlerError error, TimeSpan duration)
    {
        if (log.IsEnabled(LogSeverity.Error))
        {
            var line = Line(LogSeverity.Error, "request failed", subscription, delivery, trace, span);
            line.Code = error.Code ?? ErrorCode.Internal;
            line.Error = error.Text;
            line.Stack = error.Stack.Length > 0 ? error.Stack : null;
            line.Duration = duration;
            log.Write(line);
        }
    }

    /// <inheritdoc/>
    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) =>
        Write("messages can't be received", error, next, Name([], subscription));

    /// <inheritdoc/>
    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay) =>
        Write(LogSeverity.Debug, "message comes again", subscription, error, Fields(delivery, ("delay_ms", (long)delay.TotalMilliseconds)));

    /// <inheritdoc/>
    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason)
    {
        Write(LogSeverity.Error, "message became a dead letter", subscription, reason.Text, Fields(delivery, ("cause", DeadLetterText.NameOf(reason.Cause))));
    }

    /// <inheritdoc/>
    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) =>
        Write(LogSeverity.Warn, "the broker didn't learn what became of a message: it may come again", subscription, error.Message, Fields(delivery));

    /// <inheritdoc/>
    public void PublishingFailed(string database, string topic, Exception error, TimeSpan next) =>
        Write("messages of transactions can't be published", error, next, new() { ["database"] = database, ["topic"] = topic });

    /// <inheritdoc/>
    public void ReadingFailed(string database, Exception error, TimeSpan next) =>
        Write("the messages of transactions can't be read", error, next, new() { ["database"] = database });

    private static LogEntry Line(
        LogSeverity severity, string message, ApplicationSubscription subscription, Delivery delivery, TraceId trace, SpanId span) => new()
        {
            Severity = severity,
            Message = message,
            Service = subscription.Service.Length > 0 ? subscription.Service : null,
            Trace = trace,
            Span = span,
            FieldsJson = Name(Fields(delivery), subscription.Subscription).ToJsonString(),
        };

    private void Write(string message, Exception error, TimeSpan next, JsonObject fields)
    {
        var help = error is BrokerException { Help: { Length: > 0 } text } ? $" ({text})" : "";
        fields["next_try_ms"] = (long)next.TotalMilliseconds;
        log.Write(new LogEntry { Severity = LogSeverity.Warn, Message = message, Error = error.Message + help, FieldsJson = fields.ToJsonString() });
    }

    private void Write(LogSeverity severity, string message, BrokerSubscription subscription, string error, JsonObject fields)
    {
        if (log.IsEnabled(severity))
        {
            log.Write(new LogEntry { Severity = severity, Message = message, Error = error, FieldsJson = Name(fields, subscription).ToJsonString() });
        }
    }

    private static JsonObject Fields(Delivery delivery, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var fields = new JsonObject { ["message_id"] = delivery.MessageId, ["attempt"] = delivery.Attempt };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return fields;
    }

    private static JsonObject Name(JsonObject fields, BrokerSubscription subscription)
    {
        fields["topic"] = subscription.Topic;
        fields["subscription"] = subscription.Name;
        return fields;
    }
}
