namespace Bridge.Nsq;

/// <summary>Where nsqd processes are, and how to be let in.</summary>
public sealed record NsqBrokerOptions
{
    /// <summary>What <see cref="DeflateLevel"/> is where nobody says.</summary>
    public const int DefaultDeflateLevel = 6;

    /// <summary>nsqd processes, "host:port" of their TCP protocol each. May be empty where <see cref="Lookups"/> finds them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>nsqlookupd processes, "host:port" or URL of their HTTP interface each; none where the hosts are all there is.</summary>
    public IReadOnlyList<string> Lookups { get; init; } = [];

    /// <summary>How often nsqlookupd is asked. 15 s.</summary>
    public TimeSpan LookupInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The secret an authorization server knows this program by; null where nsqd doesn't ask.</summary>
    public string? AuthSecret { get; init; }

    /// <summary>Encrypted connections; null for plain ones.</summary>
    public NsqTls? Tls { get; init; }

    /// <summary>How connections are compressed. Not at all.</summary>
    public NsqCompression Compression { get; init; } = NsqCompression.None;

    /// <summary>How hard to compress by <see cref="NsqCompression.Deflate"/>: 1, the fastest, to 9, the smallest; nsqd may grant less. 6, as nsqd's own default.</summary>
    public int DeflateLevel { get; init; } = DefaultDeflateLevel;

    /// <summary>Before the names of all topics and channels; "" for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>As what this program shows itself.</summary>
    public string ClientId { get; init; } = "encore-host";

    /// <summary>How often nsqd asks whether this program is there; a connection that is silent twice as long is cut. 10 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nsqd may take to answer. 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest delay nsqd is set to take (<c>--max-req-timeout</c>). An hour, as nsqd's own default.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest lease nsqd is set to give (<c>--max-msg-timeout</c>). 15 min, as nsqd's own default.</summary>
    public TimeSpan MaxLease { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many bytes nsqd is set to take as one message (<c>--max-msg-size</c>). 1 MiB, as nsqd's own default.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024;
}

/// <summary>How a connection to nsqd is compressed, both ways.</summary>
public enum NsqCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By DEFLATE: smaller.</summary>
    Deflate,

    /// <summary>By Snappy: faster.</summary>
    Snappy,
}

/// <summary>How a connection to nsqd is encrypted.</summary>
public sealed record NsqTls
{
    /// <summary>Certificates that vouch for nsqd, PEM; null for those the system trusts.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>This program's certificate, PEM; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key, PEM; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether any certificate will do. Only where the network is trusted.</summary>
    public bool TrustsAll { get; init; }
}
