using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.PubSub;
using Encore.Host.Http;
using Encore.Host.Logging;

namespace Encore.Host.PubSub;

/// <summary>Has a subscription's messages handled by the application: decoded and checked here, so that the isolate sees valid ones only. Thread: any.</summary>
/// <param name="subscription">The subscription.</param>
/// <param name="plan">How the topic's messages are decoded.</param>
/// <param name="isolate">Runs the handler.</param>
/// <param name="log">Receives a line for each message.</param>
internal sealed class MessageHandler(ApplicationSubscription subscription, MessagePlan plan, Isolate isolate, MessageLog log) : IMessageHandler
{
    // What stands around a message on its way to the handler, without the message's name.
    private const int EnvelopeBytes = 96;
    private const int TimeBytes = 24;

    [ThreadStatic]
    private static Utf8JsonWriter? _envelope;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
    {
        var payload = new PooledBuffer(delivery.Body.Length + delivery.MessageId.Length + EnvelopeBytes);
        if (Decode(delivery, payload) is { } failure)
        {
            payload.Dispose();
            return HandlingResult.Invalid(Violations.Describe(failure));
        }

        var begin = Stopwatch.GetTimestamp();
        var (trace, span) = (TraceOf(delivery), SpanId.Create());
        log.Started(subscription, delivery, trace, span);
        var call = new HandlerRequest
        {
            Endpoint = subscription.Handler,
            Payload = payload,
            Trace = new CallTrace(trace.Bits, span.Bits),
            HasNoDeadline = true,
        };
        using var answer = await isolate.CallAsync(call, cancellation);
        switch (answer.Kind)
        {
            case AnswerKind.Value or AnswerKind.Headed:
                log.Completed(subscription, delivery, trace, span, Stopwatch.GetElapsedTime(begin));
                return HandlingResult.Done;
            case AnswerKind.Error:
                var error = HandlerError.Parse(answer.Json);
                log.Failed(subscription, delivery, trace, span, error, Stopwatch.GetElapsedTime(begin));
                return HandlingResult.Failed(error.Text);
            default:
                return HandlingResult.Abandoned;
        }
    }

    private DecodeFailure? Decode(Delivery delivery, PooledBuffer payload)
    {
        var envelope = _envelope ??= new Utf8JsonWriter(payload, new JsonWriterOptions { SkipValidation = true });
        envelope.Reset(payload);
        envelope.WriteStartObject();
        envelope.WriteString("id"u8, delivery.MessageId);
        envelope.WriteNumber("attempt"u8, delivery.Attempt);
        Span<byte> time = stackalloc byte[TimeBytes];
        delivery.PublishedAt.UtcDateTime.TryFormat(time, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        envelope.WriteString("at"u8, time);
        envelope.WritePropertyName("message"u8);
        envelope.Flush();

        var failure = plan.Decode(delivery.Body.Span, payload);
        payload.Write((byte)'}');
        return failure;
    }

    private static TraceId TraceOf(Delivery delivery)
    {
        var trace = TraceId.FromTraceParent(delivery.Attributes.GetValueOrDefault(MessageEncoder.TraceAttribute));
        return trace == default ? TraceId.Create() : trace;
    }
}
