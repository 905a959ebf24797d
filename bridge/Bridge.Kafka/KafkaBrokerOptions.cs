namespace Bridge.Kafka;

/// <summary>Where a Kafka cluster is, how to be let in, and how topics are made that aren't there.</summary>
public sealed record KafkaBrokerOptions
{
    /// <summary>Some of the cluster's brokers, "host:port", separated by commas: the others are learned from them.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>As what this program shows itself in the cluster's logs and quotas.</summary>
    public string ClientId { get; init; } = "encore-host";

    /// <summary>Before the names of all topics and groups; "" for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Encrypted connections; null for plain ones.</summary>
    public KafkaTls? Tls { get; init; }

    /// <summary>Who this program is; null where the cluster doesn't ask, or asks for a certificate.</summary>
    public KafkaSasl? Sasl { get; init; }

    /// <summary>How long a message may take to be safe on the cluster before publishing fails. 30 s.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the cluster may take to answer when topics are looked for, made or read. 15 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After which silence of a process the group gives its partitions to others. 45 s; the cluster's own bounds apply.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Of topics that are made: their partitions, the most processes that can share a subscription. 6.</summary>
    public int Partitions { get; init; } = 6;

    /// <summary>Of topics that are made: their copies; -1 for what the cluster is set to.</summary>
    public short ReplicationFactor { get; init; } = -1;
}

/// <summary>How a connection to a cluster is encrypted.</summary>
public sealed record KafkaTls
{
    /// <summary>Certificates that vouch for the brokers, PEM; null for those the system trusts.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>This program's certificate, PEM; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key, PEM; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>What the key is encrypted with; null where it isn't.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>Whether a broker's certificate need not be for its name. Only where the network is trusted.</summary>
    public bool SkipsHostNames { get; init; }
}

/// <summary>A name and a password for a cluster.</summary>
/// <param name="Mechanism">"PLAIN", "SCRAM-SHA-256" or "SCRAM-SHA-512".</param>
/// <param name="Username">Who.</param>
/// <param name="Password">The secret.</param>
public sealed record KafkaSasl(string Mechanism, string Username, string Password);
