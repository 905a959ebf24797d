using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Encore.Host.Configuration.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Encore.Host.Http;

/// <summary>Makes a listener speak TLS, with the server's own machinery.</summary>
internal static class TlsListener
{
    /// <summary>Gives the server what it needs for TLS; it is made only where TLS is wanted.</summary>
    public static void Prepare(KestrelServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        options.ApplicationServices = builder.Build().Services;
    }

    /// <summary>Serves a certificate.</summary>
    /// <exception cref="TlsException">The certificate or its key can't be read.</exception>
    public static void UseTls(this ListenOptions listener, TlsConfig config)
    {
        var (certificate, chain) = Read(config);
        listener.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = chain });
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Read(TlsConfig config)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(config.CertificateFile);
            return (X509Certificate2.CreateFromPemFile(config.CertificateFile, config.KeyFile), chain);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TlsException(
                $"the certificate {config.CertificateFile} with the key {config.KeyFile} can't be read: {error.Message}",
                "both must be PEM files, and the key must be the certificate's and have no password",
                error);
        }
    }
}

/// <summary>The server's certificate can't be used; the message is one line for the person who started the host.</summary>
internal sealed class TlsException(string message, string help, Exception inner) : Exception(message, inner)
{
    /// <summary>What to do about it.</summary>
    public string Help { get; } = help;
}
