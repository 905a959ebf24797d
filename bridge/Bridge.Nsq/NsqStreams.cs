using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Opens connections and encrypts them. Thread: any.</summary>
internal static class NsqStreams
{
    private const int DefaultPort = 4150;

    /// <summary>Connects to "host:port".</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<NetworkStream> ConnectAsync(string address, CancellationToken cancellation)
    {
        var (host, port) = Split(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts a connection after nsqd has agreed to it.</summary>
    public static async Task<Stream> EncryptAsync(Stream plain, string address, NsqTls tls, CancellationToken cancellation)
    {
        var stream = new SslStream(plain);
        var options = new SslClientAuthenticationOptions { TargetHost = Split(address).Host };
        if (tls.TrustsAll)
        {
#pragma warning disable CA5359 // Justification: the configuration says so in as many words.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.CertificateAuthority is { } authority)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authority);
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (tls.Certificate is { } certificate)
        {
            options.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, tls.Key)];
        }

        await stream.AuthenticateAsClientAsync(options, cancellation);
        return stream;
    }

    /// <summary>The parts of "host:port", "[address]:port" or "host".</summary>
    /// <exception cref="BrokerException">It is neither.</exception>
    public static (string Host, int Port) Split(string address) =>
        Uri.TryCreate("tcp://" + address, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? (uri.HostNameType == UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.Host, uri.Port > 0 ? uri.Port : DefaultPort)
            : throw new BrokerException($"\"{address}\" isn't the address of an nsqd.", "Write host:port.", isTransient: false);
}
