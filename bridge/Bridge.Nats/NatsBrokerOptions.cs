namespace Bridge.Nats;

/// <summary>Where a NATS server or cluster is, and how to get in.</summary>
public sealed record NatsBrokerOptions
{
    /// <summary>
    /// One or more addresses, separated by commas: <c>nats://host:4222</c>, or <c>tls://host:4222</c> for connections that have to be encrypted.
    /// A user and password, or a token alone, may stand before an @; the port is 4222 if there is none. The others of a cluster are found by themselves.
    /// </summary>
    public required string Servers { get; init; }

    /// <summary>The user's name, unless an address has it; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>A token in place of a user and password; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>How encrypted connections are made. It asks for none: addresses and servers do.</summary>
    public NatsTls Tls { get; init; } = new();

    /// <summary>What the names of streams begin with, so that several applications or environments share a server; "" for nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How many servers of a cluster keep each new stream: 1, 3 or 5.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>By which operators know the connection.</summary>
    public string ClientName { get; init; } = "encore-host";

    /// <summary>How long one try to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long publishing waits for a lost connection to come back before it fails. Nothing was sent by then, so that nothing happens twice.</summary>
    public TimeSpan ReconnectPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may take to say that it has a message, or to answer otherwise.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    /// <remarks>Without credentials.</remarks>
    public override string ToString() => $"NATS at {string.Join(", ", Connections.ServerAddress.ParseAll(this))}";
}

/// <summary>How encrypted connections to NATS are made.</summary>
public sealed record NatsTls
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
    public override string ToString() => "TLS for NATS";
}
