using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Bridge.Core.PubSub;
using RabbitMQ.Client;

namespace Bridge.RabbitMq.Connections;

/// <summary>The servers of a cluster, and who is to enter there.</summary>
internal sealed class RabbitMqAddress
{
    private readonly RabbitMqBrokerOptions _options;
    private readonly List<Uri> _servers;

    /// <summary>Reads the options' addresses.</summary>
    /// <exception cref="BrokerException">One is malformed.</exception>
    internal RabbitMqAddress(RabbitMqBrokerOptions options)
    {
        _options = options;
        _servers = [.. options.Servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];
        if (_servers.Count == 0)
        {
            throw Malformed("");
        }
    }

    /// <summary>Who enters.</summary>
    internal ConnectionFactory Factory()
    {
        var (user, password) = Credentials();
        return new ConnectionFactory
        {
            UserName = user,
            Password = password,
            VirtualHost = _servers[0].AbsolutePath is { Length: > 1 } path ? Uri.UnescapeDataString(path[1..]) : "/",
            RequestedConnectionTimeout = _options.ConnectTimeout,
            HandshakeContinuationTimeout = _options.ConnectTimeout,
            ContinuationTimeout = _options.ConfirmTimeout,
            ClientProvidedName = _options.ClientName,
            RequestedHeartbeat = TimeSpan.FromSeconds(15),

            // A connection that is gone is made anew here, with whatever belongs to it, so that nothing is done by two.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            SocketFactory = GatheringClient.Create,
        };
    }

    /// <summary>Where they enter.</summary>
    internal List<AmqpTcpEndpoint> Endpoints() =>
        [.. _servers.Select(server => new AmqpTcpEndpoint(server.IdnHost, PortOf(server), server.Scheme == "amqps" ? Encryption(server.IdnHost) : new SslOption()))];

    /// <inheritdoc/>
    /// <remarks>Without credentials.</remarks>
    public override string ToString() => string.Join(", ", _servers.Select(server => $"{server.IdnHost}:{PortOf(server)}"));

    private static Uri Parse(string text)
    {
        var shown = text[(text.LastIndexOf('@') + 1)..];
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0 ? uri : throw Malformed(shown);
    }

    private static int PortOf(Uri server) => server.Port > 0 ? server.Port : server.Scheme == "amqps" ? 5671 : 5672;

    private static BrokerException Malformed(string address) =>
        new($"The RabbitMQ server's address \"{address}\" can't be used.", "Write amqp://host:5672/vhost or amqps://host:5671/vhost; several are separated by commas.", isTransient: false);

    private (string User, string Password) Credentials()
    {
        var info = _servers[0].UserInfo;
        var colon = info.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (info.Length > 0 ? Uri.UnescapeDataString(info) : _options.User ?? "guest", _options.Password ?? "guest")
            : (Uri.UnescapeDataString(info[..colon]), Uri.UnescapeDataString(info[(colon + 1)..]));
    }

    private SslOption Encryption(string host)
    {
        var tls = _options.Tls;
        var option = new SslOption(host, enabled: true) { AcceptablePolicyErrors = Accepted(tls) };
        if (tls.ClientCertificate is { } certificate)
        {
            option.Certs = [X509Certificate2.CreateFromPem(certificate, tls.ClientKey)];
        }

        if (tls is { Authority: { } authority, SkipsAuthority: false })
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authority);
            option.CertificateValidationCallback = (_, presented, _, problems) =>
                (problems & ~(option.AcceptablePolicyErrors | SslPolicyErrors.RemoteCertificateChainErrors)) == SslPolicyErrors.None && RestsOn(roots, presented);
        }

        return option;
    }

    private static SslPolicyErrors Accepted(RabbitMqTls tls) =>
        (tls.SkipsHostname || tls.SkipsAuthority ? SslPolicyErrors.RemoteCertificateNameMismatch : SslPolicyErrors.None)
        | (tls.SkipsAuthority ? SslPolicyErrors.RemoteCertificateChainErrors : SslPolicyErrors.None);

    private static bool RestsOn(X509Certificate2Collection roots, X509Certificate? presented)
    {
        if (presented is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        return chain.Build(X509CertificateLoader.LoadCertificate(presented.GetRawCertData()));
    }
}
