using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridge.Nats.Protocol;

/// <summary>What a server says of itself with INFO, as far as it matters here.</summary>
internal sealed record ServerInfo
{
    /// <summary>By which one run of one server is told from all others: a server that is started anew has another.</summary>
    [JsonPropertyName("server_id")]
    public string Id { get; init; } = "";

    /// <summary>Its version, such as "2.10.7".</summary>
    [JsonPropertyName("version")]
    public string Version { get; init; } = "";

    /// <summary>How long headers and payload of a message may be together, in bytes.</summary>
    [JsonPropertyName("max_payload")]
    public int MaxPayload { get; init; } = 1 << 20;

    /// <summary>Whether it takes headers.</summary>
    [JsonPropertyName("headers")]
    public bool TakesHeaders { get; init; }

    /// <summary>Whether JetStream is on.</summary>
    [JsonPropertyName("jetstream")]
    public bool HasJetStream { get; init; }

    /// <summary>Whether credentials are asked for.</summary>
    [JsonPropertyName("auth_required")]
    public bool AsksForCredentials { get; init; }

    /// <summary>Whether only encrypted connections are taken.</summary>
    [JsonPropertyName("tls_required")]
    public bool RequiresTls { get; init; }

    /// <summary>Whether a connection may be encrypted.</summary>
    [JsonPropertyName("tls_available")]
    public bool OffersTls { get; init; }

    /// <summary>Addresses of the cluster's other servers, each "host:port".</summary>
    [JsonPropertyName("connect_urls")]
    public IReadOnlyList<string>? ClusterAddresses { get; init; }

    /// <summary>Reads INFO's JSON.</summary>
    /// <exception cref="NatsProtocolException">It is none.</exception>
    internal static ServerInfo Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProtocolJson.Default.ServerInfo) ?? throw new NatsProtocolException("the server's INFO is null");
        }
        catch (JsonException error)
        {
            throw new NatsProtocolException($"the server's INFO isn't JSON: {error.Message}");
        }
    }
}

/// <summary>What a client says of itself with CONNECT.</summary>
internal sealed record ClientInfo
{
    /// <summary>Whether each operation is answered with +OK: no.</summary>
    [JsonPropertyName("verbose")]
    public bool Verbose { get; init; }

    /// <summary>Whether subjects are checked strictly: no, the server's own checks do.</summary>
    [JsonPropertyName("pedantic")]
    public bool Pedantic { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    [JsonPropertyName("tls_required")]
    public bool RequiresTls { get; init; }

    /// <summary>By which operators know it.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What it is written in.</summary>
    [JsonPropertyName("lang")]
    public string Language { get; init; } = "dotnet";

    /// <summary>Its version.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary>1: it takes INFO at any time.</summary>
    [JsonPropertyName("protocol")]
    public int Protocol { get; init; } = 1;

    /// <summary>Whether it takes headers.</summary>
    [JsonPropertyName("headers")]
    public bool TakesHeaders { get; init; } = true;

    /// <summary>Whether it wants to be told at once that nobody answers a request.</summary>
    [JsonPropertyName("no_responders")]
    public bool WantsNoResponders { get; init; } = true;

    /// <summary>The user's name; null for none.</summary>
    [JsonPropertyName("user")]
    public string? User { get; init; }

    /// <summary>The user's password; null for none.</summary>
    [JsonPropertyName("pass")]
    public string? Password { get; init; }

    /// <summary>A token in place of a user; null for none.</summary>
    [JsonPropertyName("auth_token")]
    public string? Token { get; init; }
}

/// <summary>How the protocol's JSON is read and written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ClientInfo))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
