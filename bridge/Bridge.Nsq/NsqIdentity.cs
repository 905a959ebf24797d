using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridge.Core.PubSub;
using Bridge.Nsq.Compression;

namespace Bridge.Nsq;

/// <summary>What a connection's two ends agreed on.</summary>
internal sealed record NsqIdentity
{
    /// <summary>How many messages may be unanswered at most.</summary>
    [JsonPropertyName("max_rdy_count")]
    public int MaxReady { get; init; } = 2500;

    /// <summary>How long a message is this program's without a word, in milliseconds.</summary>
    [JsonPropertyName("msg_timeout")]
    public long LeaseMilliseconds { get; init; }

    /// <summary>Whether the connection goes on encrypted.</summary>
    [JsonPropertyName("tls_v1")]
    public bool HasTls { get; init; }

    /// <summary>Whether it goes on compressed by DEFLATE.</summary>
    [JsonPropertyName("deflate")]
    public bool HasDeflate { get; init; }

    /// <summary>Whether it goes on compressed by Snappy.</summary>
    [JsonPropertyName("snappy")]
    public bool HasSnappy { get; init; }

    /// <summary>Whether a secret has to be shown.</summary>
    [JsonPropertyName("auth_required")]
    public bool NeedsAuth { get; init; }

    /// <summary>nsqd's version.</summary>
    [JsonPropertyName("version")]
    public string Version { get; init; } = "";

    /// <summary>Introduces this program on a new connection; where that fails, the connection ends.</summary>
    /// <returns>The stream to go on with, and what was agreed on.</returns>
    /// <exception cref="BrokerException">nsqd refuses.</exception>
    public static async Task<(Stream Stream, NsqIdentity Identity)> AgreeAsync(
        Stream stream, string address, NsqBrokerOptions options, TimeSpan lease, CancellationToken cancellation)
    {
        try
        {
            byte[] hello = [.. NsqCommands.Magic, .. NsqCommands.Identify(Describe(options, lease))];
            var identity = Parse(await AskAsync(stream, hello, address, cancellation));
            if (options.Tls is { } tls)
            {
                stream = identity.HasTls ? await NsqStreams.EncryptAsync(stream, address, tls, cancellation) : throw NsqErrors.NoTls(address);
                await AnswerAsync(stream, address, cancellation);
            }

            if (options.Compression != NsqCompression.None)
            {
                stream = identity.Compress(stream, address, options);
                await AnswerAsync(stream, address, cancellation);
            }

            if (identity.NeedsAuth)
            {
                await AskAsync(stream, NsqCommands.Auth(options.AuthSecret ?? throw NsqErrors.NoSecret(address)), address, cancellation);
            }

            return (stream, identity);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static NsqIdentity Parse(NsqFrame answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Data.Span, NsqJson.Default.NsqIdentity) ?? new NsqIdentity();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"\"{answer.Text}\" is no answer to IDENTIFY", error);
        }
    }

    private CompressedStream Compress(Stream stream, string address, NsqBrokerOptions options) => options.Compression switch
    {
        NsqCompression.Deflate when HasDeflate => new DeflateTransport(stream, options.DeflateLevel),
        NsqCompression.Snappy when HasSnappy => new SnappyTransport(stream),
        NsqCompression.Deflate => throw NsqErrors.NotGranted(address, "deflate"),
        _ => throw NsqErrors.NotGranted(address, "snappy"),
    };

    private static async Task<NsqFrame> AskAsync(Stream stream, byte[] command, string address, CancellationToken cancellation)
    {
        await stream.WriteAsync(command, cancellation);
        await stream.FlushAsync(cancellation);
        return await AnswerAsync(stream, address, cancellation);
    }

    private static async Task<NsqFrame> AnswerAsync(Stream stream, string address, CancellationToken cancellation)
    {
        var frame = await new NsqFrameReader(stream).ReadAsync(cancellation);
        return frame.Type == NsqFrameType.Response ? frame : throw NsqErrors.Refused(address, frame.Text);
    }

    private static byte[] Describe(NsqBrokerOptions options, TimeSpan lease) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new NsqIntroduction
            {
                ClientId = options.ClientId,
                HostName = Dns.GetHostName(),
                UserAgent = "encore-host",
                NegotiatesFeatures = true,
                HeartbeatMilliseconds = (long)options.HeartbeatInterval.TotalMilliseconds,
                HasTls = options.Tls is not null,
                HasDeflate = options.Compression == NsqCompression.Deflate,
                DeflateLevel = options.Compression == NsqCompression.Deflate ? options.DeflateLevel : 0,
                HasSnappy = options.Compression == NsqCompression.Snappy,
                LeaseMilliseconds = (long)lease.TotalMilliseconds,
            },
            NsqJson.Default.NsqIntroduction);
}

/// <summary>How this program introduces itself: the members of IDENTIFY.</summary>
internal sealed record NsqIntroduction
{
    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    [JsonPropertyName("hostname")]
    public required string HostName { get; init; }

    [JsonPropertyName("user_agent")]
    public required string UserAgent { get; init; }

    [JsonPropertyName("feature_negotiation")]
    public required bool NegotiatesFeatures { get; init; }

    [JsonPropertyName("heartbeat_interval")]
    public required long HeartbeatMilliseconds { get; init; }

    [JsonPropertyName("tls_v1")]
    public required bool HasTls { get; init; }

    [JsonPropertyName("deflate")]
    public required bool HasDeflate { get; init; }

    // 0 leaves it to nsqd.
    [JsonPropertyName("deflate_level")]
    public required int DeflateLevel { get; init; }

    [JsonPropertyName("snappy")]
    public required bool HasSnappy { get; init; }

    [JsonPropertyName("msg_timeout")]
    public required long LeaseMilliseconds { get; init; }
}

/// <summary>Readers and writers made at build.</summary>
[JsonSerializable(typeof(NsqIdentity))]
[JsonSerializable(typeof(NsqIntroduction))]
internal sealed partial class NsqJson : JsonSerializerContext;
