using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridge.Core.PubSub;
using Bridge.Nats.Protocol;

namespace Bridge.Nats;

/// <summary>
/// The headers of this host's messages. An attribute is a header of its own name where headers can hold it just so, which other programs can read
/// and write; the others share one header, as JSON in base64.
/// </summary>
internal static class MessageHeaders
{
    /// <summary>By which JetStream knows a message again.</summary>
    internal const string MessageId = "Nats-Msg-Id";

    /// <summary>The one subscription that a message is for, by its address; every other passes it by.</summary>
    internal const string OnlyFor = "Encore-Only-For";

    /// <summary>When a message is due, in milliseconds since 1970.</summary>
    internal const string DeliverAt = "Encore-Deliver-At";

    /// <summary>Why a message was given up: <see cref="DeadLetterHeader"/> as JSON in base64.</summary>
    internal const string Dead = "Encore-Dead-Letter";

    private const string OddAttributes = "Encore-Attributes";

    // Past this, a name is more likely an attack on the server than an attribute.
    private const int MaxNameLength = 256;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The header block of a message; empty where it needs none.</summary>
    internal static ReadOnlyMemory<byte> Write(IReadOnlyDictionary<string, string> attributes, params ReadOnlySpan<(string Name, string? Value)> own)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, attributes, own);
        return output.WrittenMemory;
    }

    /// <summary>Writes the header block of a message; nothing where it needs none.</summary>
    internal static void Write(ArrayBufferWriter<byte> output, IReadOnlyDictionary<string, string> attributes, params ReadOnlySpan<(string Name, string? Value)> own)
    {
        foreach (var (name, value) in own)
        {
            if (value is not null)
            {
                Add(output, name, value);
            }
        }

        Dictionary<string, string>? odd = null;
        foreach (var (name, value) in attributes)
        {
            if (IsPlain(name, value))
            {
                Add(output, name, value);
            }
            else
            {
                (odd ??= new(StringComparer.Ordinal)).Add(name, value);
            }
        }

        if (odd is not null)
        {
            Add(output, OddAttributes, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(odd, HeaderJson.Default.DictionaryStringString)));
        }

        if (output.WrittenCount > 0)
        {
            HeaderBlock.End(output);
        }
    }

    /// <summary>Splits headers into attributes and those that are this host's own.</summary>
    internal static ReceivedHeaders Read(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            return ReceivedHeaders.None;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        Dictionary<string, string>? own = null;
        foreach (var (name, value) in HeaderBlock.Read(block))
        {
            if (name == OddAttributes)
            {
                foreach (var (oddName, oddValue) in Decode(value, HeaderJson.Default.DictionaryStringString) ?? [])
                {
                    attributes[oddName] = oddValue;
                }
            }
            else if (IsReserved(name))
            {
                (own ??= new(StringComparer.Ordinal))[name] = value;
            }
            else
            {
                attributes[name] = value;
            }
        }

        return new ReceivedHeaders(attributes, own ?? ReceivedHeaders.None.Own);
    }

    /// <summary>A time as a header has it.</summary>
    internal static string Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of <see cref="Dead"/>.</summary>
    internal static string Encode(DeadLetterHeader header) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(header, HeaderJson.Default.DeadLetterHeader));

    /// <summary>Reads the text of <see cref="Dead"/>.</summary>
    /// <returns>Null where it is something else.</returns>
    internal static DeadLetterHeader? DecodeDead(string text) => Decode(text, HeaderJson.Default.DeadLetterHeader);

    private static T? Decode<T>(string base64, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Convert.FromBase64String(base64), type);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Another program's header of the same name.
            return null;
        }
    }

    private static bool IsPlain(string name, string value) =>
        name.Length is > 0 and <= MaxNameLength
        && !name.AsSpan().ContainsAnyExcept(NameCharacters)
        && !IsReserved(name)
        && value.AsSpan().Trim().Length == value.Length
        && !value.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && !value.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    private static bool IsReserved(string name) =>
        name.StartsWith("Nats-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Encore-", StringComparison.OrdinalIgnoreCase);

    private static void Add(ArrayBufferWriter<byte> output, string name, string value)
    {
        if (output.WrittenCount == 0)
        {
            HeaderBlock.Begin(output);
        }

        HeaderBlock.Add(output, name, value);
    }
}

/// <summary>What a message's headers say.</summary>
/// <param name="Attributes">What was published beside the message.</param>
/// <param name="Own">The headers of NATS and of this host.</param>
internal sealed record ReceivedHeaders(IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Own)
{
    /// <summary>Of a message without.</summary>
    internal static ReceivedHeaders None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>When the message is due; null for at once.</summary>
    internal DateTimeOffset? DeliverAt =>
        Own.TryGetValue(MessageHeaders.DeliverAt, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var time) && Math.Abs(time) < 253_402_300_799_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : null;
}

/// <summary>What is known of a dead letter beside its message.</summary>
internal sealed record DeadLetterHeader
{
    /// <summary>By which it was delivered.</summary>
    public required string MessageId { get; init; }

    /// <summary>The subject it came by.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>What kind of reason it is given up for.</summary>
    public required DeadLetterCause Cause { get; init; }

    /// <summary>The reason.</summary>
    public required string Reason { get; init; }
}

/// <summary>How the JSON within headers is read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(DeadLetterHeader))]
internal sealed partial class HeaderJson : JsonSerializerContext;
