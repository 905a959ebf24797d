using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>An authority, and what it issued to a server at 127.0.0.1 and to a client; all in PEM.</summary>
public sealed class RabbitMqCertificates
{
    public RabbitMqCertificates()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN=authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        Authority = authority.ExportCertificatePem();
        Server = Issue(authority, "server");
        Client = Issue(authority, "client");
    }

    public string Authority { get; }

    public (string Certificate, string Key) Server { get; }

    public (string Certificate, string Key) Client { get; }

    private static (string Certificate, string Key) Issue(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
