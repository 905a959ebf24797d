using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridge.Core.PubSub;

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

    /// <summary>Whether a secret has to be shown.</summary>
    [JsonPropertyName("auth_required")]
    public bool NeedsAuth { get; init; }

    /// <summary>nsqd's version.</summary>
    [JsonPropertyName("version")]
    public string Version { get; init; } = "";

    /// <summary>Introduces this program on a new connection.</summary>
    /// <returns>The stream to go on with, and what was agreed on.</returns>
    /// <exception cref="BrokerException">nsqd refuses.</exception>
    public static async Task<(Stream Stream, NsqIdentity Identity)> AgreeAsync(
        Stream stream, string address, NsqBrokerOptions options, TimeSpan lease, CancellationToken cancellation)
    {
        byte[] hello = [.. NsqCommands.Magic, .. NsqCommands.Identify(Describe(options, lease))];
        await stream.WriteAsync(hello, cancellation);
        await stream.FlushAsync(cancellation);
        var answer = await AnswerAsync(stream, address, cancellation);
        var identity = JsonSerializer.Deserialize(answer.Data.Span, NsqJson.Default.NsqIdentity)!;
        if (options.Tls is { } tls)
        {
            if (!identity.HasTls)
            {
                throw new BrokerException($"nsqd at {address} doesn't speak TLS.", "Start it with --tls-cert and --tls-key, or leave TLS out of the configuration.", isTransient: false);
            }

            stream = await NsqStreams.EncryptAsync(stream, address, tls, cancellation);
            await AnswerAsync(stream, address, cancellation);
        }

        if (identity.NeedsAuth)
        {
            if (options.AuthSecret is null)
            {
                throw new BrokerException($"nsqd at {address} asks for a secret.", "Put it into the configuration.", isTransient: false);
            }

            await stream.WriteAsync(NsqCommands.Auth(options.AuthSecret), cancellation);
            await stream.FlushAsync(cancellation);
            await AnswerAsync(stream, address, cancellation);
        }

        return (stream, identity);
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

    [JsonPropertyName("msg_timeout")]
    public required long LeaseMilliseconds { get; init; }
}

/// <summary>Readers and writers made at build.</summary>
[JsonSerializable(typeof(NsqIdentity))]
[JsonSerializable(typeof(NsqIntroduction))]
internal sealed partial class NsqJson : JsonSerializerContext;
