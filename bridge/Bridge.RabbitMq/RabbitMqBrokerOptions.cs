using Bridge.RabbitMq.Connections;

namespace Bridge.RabbitMq;

/// <summary>Where a RabbitMQ server or cluster is, and how to get in.</summary>
public sealed record RabbitMqBrokerOptions
{
    /// <summary>
    /// One or more addresses of one cluster, separated by commas: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for connections
    /// that are encrypted. User, password and virtual host are those of the first.
    /// </summary>
    public required string Servers { get; init; }

    /// <summary>The user's name, unless an address has it; null for "guest".</summary>
    public string? User { get; init; }

    /// <summary>The user's password; null for that of "guest".</summary>
    public string? Password { get; init; }

    /// <summary>How encrypted connections are made.</summary>
    public RabbitMqTls Tls { get; init; } = new();

    /// <summary>What the names of exchanges and queues begin with, so that several applications or environments share a virtual host; "" for nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>By which operators know the connection.</summary>
    public string ClientName { get; init; } = "encore-host";

    /// <summary>How long one try to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long publishing waits for a lost connection to come back before it fails. Nothing was sent by then, so that nothing happens twice.</summary>
    public TimeSpan ReconnectPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long new queues rest before messages come to them: a server that is killed before it has noted where their logs are never finds them
    /// again. Only where queues were made.
    /// </summary>
    public TimeSpan NewQueueRest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the server may take to confirm that it has a message, and to answer whatever else it is asked.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    /// <remarks>Without credentials.</remarks>
    public override string ToString() => $"RabbitMQ at {new RabbitMqAddress(this)}";
}

/// <summary>How encrypted connections to RabbitMQ are made.</summary>
public sealed record RabbitMqTls
{
    /// <summary>The certificates that the server's has to rest on, in PEM; null for those that the system trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>The certificate that this side proves itself by, in PEM; null for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The private key of <see cref="ClientCertificate"/>, in PEM.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Takes a certificate of another host's name.</summary>
    public bool SkipsHostname { get; init; }

    /// <summary>Takes any certificate.</summary>
    public bool SkipsAuthority { get; init; }

    /// <inheritdoc/>
    /// <remarks>Without the key.</remarks>
    public override string ToString() => "TLS for RabbitMQ";
}
