using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bridge.Core.PubSub;

namespace Bridge.Nats.Connections;

/// <summary>Encrypts a connection after the server's INFO, as the protocol has it.</summary>
internal static class TlsUpgrade
{
    /// <summary>Does the handshake.</summary>
    /// <exception cref="BrokerException">The server's certificate isn't trusted, or this side's own can't be read.</exception>
    internal static async Task<SslStream> EncryptAsync(Stream plain, ServerAddress address, NatsTls options, CancellationToken cancellation)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(Describe(address, options), cancellation);
            return stream;
        }
        catch (Exception error)
        {
            await stream.DisposeAsync();
            if (error is AuthenticationException or CryptographicException)
            {
                throw new BrokerException(
                    $"NATS at {address}: the connection can't be encrypted: {error.Message}",
                    "Name the authority that issued the server's certificate, and connect by the host's name that stands in it.",
                    isTransient: false,
                    error);
            }

            throw;
        }
    }

    private static SslClientAuthenticationOptions Describe(ServerAddress address, NatsTls options)
    {
        var description = new SslClientAuthenticationOptions { TargetHost = address.Host };
        if (options.ClientCertificate is { } certificate)
        {
            description.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, options.ClientKey)];
        }

        if (options.Authority is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            description.CertificateChainPolicy = policy;
        }

        if (options.SkipsHostname || options.SkipsAuthority)
        {
            var taken = options.SkipsAuthority
                ? SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors
                : SslPolicyErrors.RemoteCertificateNameMismatch;

            // Justification: the configuration says so in as many words.
#pragma warning disable CA5359
            description.RemoteCertificateValidationCallback = (_, _, _, problems) => (problems & ~taken) == SslPolicyErrors.None;
#pragma warning restore CA5359
        }

        return description;
    }
}
