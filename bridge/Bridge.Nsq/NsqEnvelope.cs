using System.Buffers;
using System.Text.Json;

namespace Bridge.Nsq;

/// <summary>A message as it lies in nsqd: <c>{"id", "attrs", "body"}</c> as Encore writes it, and <c>"dead"</c> beside them in a dead-letter topic.</summary>
/// <remarks>A body that isn't JSON, which only others than hosts publish, is a string in base64 with <c>"encoding"</c> before it.</remarks>
internal sealed record NsqEnvelope
{
    private const string EncodingMember = "encoding";
    private const string Base64 = "base64";

    private static readonly IReadOnlyDictionary<string, string> NoAttributes = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>By which the message is delivered; null where something else wrote it.</summary>
    public string? Id { get; init; }

    /// <summary>What was published beside the body.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>What was published: JSON; where something else wrote it, all that it wrote.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>In a dead-letter topic: what is known of its end.</summary>
    public NsqObituary? Dead { get; init; }

    /// <summary>The message as bytes.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(Body.Length + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", Id);
            writer.WriteStartObject("attrs");
            foreach (var (name, value) in Attributes)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            if (IsJson(Body.Span))
            {
                writer.WritePropertyName("body");
                writer.WriteRawValue(Body.Span, skipInputValidation: true);
            }
            else
            {
                writer.WriteString(EncodingMember, Base64);
                writer.WriteBase64String("body", Body.Span);
            }

            if (Dead is { } dead)
            {
                dead.Write(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">As nsqd gives it; what is returned refers to it.</param>
    public static NsqEnvelope Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read(bytes) ?? Foreign(bytes);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return Foreign(bytes);
        }
    }

    // What no host of ours and no Encore wrote: its topic's type decides what it is worth.
    private static NsqEnvelope Foreign(ReadOnlyMemory<byte> bytes) => new() { Attributes = NoAttributes, Body = bytes };

    private static NsqEnvelope? Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? id = null;
        var isEncoded = false;
        ReadOnlyMemory<byte>? body = null;
        NsqObituary? dead = null;
        var attributes = NoAttributes;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id":
                    id = reader.GetString();
                    break;
                case "attrs":
                    attributes = ReadAttributes(ref reader);
                    break;
                case EncodingMember:
                    isEncoded = reader.ValueTextEquals(Base64);
                    break;
                case "body" when isEncoded:
                    body = reader.GetBytesFromBase64();
                    break;
                case "body":
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = bytes[start..(int)reader.BytesConsumed];
                    break;
                case "dead":
                    dead = NsqObituary.Read(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return id is null || body is null ? null : new NsqEnvelope { Id = id, Attributes = attributes, Body = body.Value, Dead = dead };
    }

    private static Dictionary<string, string> ReadAttributes(ref Utf8JsonReader reader)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            attributes[name] = reader.GetString() ?? "";
        }

        return attributes;
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
