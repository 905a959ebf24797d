using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.PubSub;
using Bridge.Core.Responses;
using Bridge.Core.Schema;

namespace Encore.Host.PubSub;

/// <summary>
/// Makes a topic's messages of what scripts publish: what isn't declared leaves, and what doesn't fit the type is refused before anybody else
/// sees it. Immutable. Thread: any.
/// </summary>
internal sealed class MessageEncoder
{
    /// <summary>The attribute that carries the trace, as W3C Trace Context writes it.</summary>
    public const string TraceAttribute = "traceparent";

    private readonly ResponsePlan _plan;
    private readonly MessagePlan _check;
    private readonly IReadOnlyDictionary<string, string> _attributes;
    private readonly string? _orderingAttribute;

    /// <param name="application">The application.</param>
    /// <param name="type">The messages' type.</param>
    /// <param name="attributes">The attributes' names by those of the fields that they repeat.</param>
    /// <param name="orderingAttribute">The attribute whose value orders messages; null for none.</param>
    public MessageEncoder(Application application, uint type, IReadOnlyDictionary<string, string> attributes, string? orderingAttribute)
    {
        _plan = ResponsePlan.CompileMessage(application, type);
        _check = MessagePlan.Compile(application, type, isSensitive: false);
        _attributes = attributes;
        _orderingAttribute = orderingAttribute;
    }

    /// <summary>Makes a message.</summary>
    /// <param name="json">What <c>JSON.stringify</c> made of it, UTF-8.</param>
    /// <param name="traceParent">The trace it belongs to; null for none.</param>
    /// <param name="deliverAt">Not before then; null for at once.</param>
    /// <param name="failure">What is wrong with it, one line; null where it can be published.</param>
    /// <returns>The message; null where it can't be published.</returns>
    public OutgoingMessage? Encode(ReadOnlySpan<byte> json, string? traceParent, DateTimeOffset? deliverAt, out string? failure)
    {
        using var body = new PooledBuffer();
        var result = _plan.Encode(json, body, NoHead.Instance);
        failure = result.Error is null ? Check(body.Written) : "it isn't an object";
        if (failure is not null)
        {
            return null;
        }

        var attributes = ReadAttributes(body.Written);
        var orderingKey = _orderingAttribute is null ? null : attributes.GetValueOrDefault(_orderingAttribute);
        if (traceParent is not null)
        {
            attributes[TraceAttribute] = traceParent;
        }

        return new OutgoingMessage { Body = body.Written.ToArray(), Attributes = attributes, OrderingKey = orderingKey, DeliverAt = deliverAt };
    }

    private string? Check(ReadOnlySpan<byte> body)
    {
        using var decoded = new PooledBuffer(body.Length);
        return _check.Decode(body, decoded) is { } failure ? Violations.Describe(failure) : null;
    }

    // Numbers and booleans as JSON writes them.
    private Dictionary<string, string> ReadAttributes(ReadOnlySpan<byte> body)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_attributes.Count == 0)
        {
            return found;
        }

        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (_attributes.TryGetValue(name, out var attribute) && reader.TokenType != JsonTokenType.Null)
            {
                found[attribute] = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return found;
    }

    /// <summary>Messages have no head.</summary>
    private sealed class NoHead : IResponseHead
    {
        public static NoHead Instance { get; } = new();

        public void SetStatus(int status)
        {
            // Nobody reads it.
        }

        public void AddHeader(string name, string value)
        {
            // Nobody reads it.
        }
    }
}
