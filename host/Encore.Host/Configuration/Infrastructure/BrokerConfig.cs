namespace Encore.Host.Configuration.Infrastructure;

/// <summary>A broker that carries topics of the application's.</summary>
/// <param name="Place">Its place in the file: <c>pubsub[0]</c>.</param>
/// <param name="Type">Which broker it is: <c>embedded</c>, <c>nats</c>, ….</param>
public sealed record BrokerConfig(string Place, string Type)
{
    /// <summary>Whether the host makes topics and subscriptions that are missing.</summary>
    public bool Provisions { get; init; } = true;

    /// <summary>The topics it carries, by the names that the application declares; null for all that no other broker carries.</summary>
    public IReadOnlyDictionary<string, TopicPlace>? Topics { get; init; }

    /// <summary>How it is reached, by key, as text; passwords are among them, so it is never printed.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How connections are protected; null where the file doesn't say.</summary>
    public BrokerTls? Tls { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Place} ({Type})";
}

/// <summary>Where a topic is on its broker.</summary>
/// <param name="Address">The topic's name there.</param>
/// <param name="Subscriptions">The subscriptions' names there, by the names that the application declares; those that are missing are called as declared.</param>
public sealed record TopicPlace(string Address, IReadOnlyDictionary<string, string> Subscriptions)
{
    /// <summary>How the broker sends messages of subscriptions by itself, by the names that the application declares; all others are pulled.</summary>
    public IReadOnlyDictionary<string, PushConfig> Pushed { get; init; } = new Dictionary<string, PushConfig>();
}

/// <summary>How a broker sends a subscription's messages by itself (<c>push_config</c>).</summary>
/// <param name="Id">The last part of the path that its requests come to.</param>
/// <param name="ServiceAccount">The e-mail address of the account that it sends as.</param>
/// <param name="Audience">What it calls the receiver.</param>
public sealed record PushConfig(string Id, string ServiceAccount, string Audience);

/// <summary>How connections to a broker are protected.</summary>
/// <param name="Authority">Certificates in PEM of which one must stand behind the server's; null for the system's.</param>
/// <param name="Client">This side's certificate and its private key, in PEM; null for none.</param>
/// <param name="SkipsHostname">Whether the server's certificate may be for another name.</param>
/// <param name="SkipsAuthority">Whether anybody may stand behind it.</param>
public sealed record BrokerTls(string? Authority, (string Certificate, string Key)? Client, bool SkipsHostname, bool SkipsAuthority)
{
    /// <inheritdoc/>
    public override string ToString() => Client is null ? "TLS" : "TLS with a client certificate";
}
