using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Bridge.Postgres.Connections;

/// <summary>How connections to a server are protected.</summary>
public sealed record ServerTls
{
    /// <summary>Encrypted if the server can, unverified: what holds where nothing is said.</summary>
    public static ServerTls Unsaid { get; } = new() { IsSaid = false };

    /// <summary>Whether anything is said about it.</summary>
    public bool IsSaid { get; init; } = true;

    /// <summary>Never encrypted.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The certificates that the server's has to rest on, in PEM; null for those that the system trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>What this side proves itself by; null for nothing but the password.</summary>
    public ClientCertificate? Client { get; init; }

    /// <summary>Takes a certificate of another host's name.</summary>
    public bool SkipsHostname { get; init; }

    /// <summary>Takes any certificate.</summary>
    public bool SkipsAuthority { get; init; }

    /// <summary>Npgsql's word for it.</summary>
    public SslMode Mode => this switch
    {
        { IsDisabled: true } => SslMode.Disable,
        { IsSaid: false } => SslMode.Prefer,
        { SkipsAuthority: true } => SslMode.Require,
        { SkipsHostname: true } => SslMode.VerifyCA,
        _ => SslMode.VerifyFull,
    };

    /// <summary>libpq's word for it.</summary>
    public string UriMode => Mode switch
    {
        SslMode.Disable => "disable",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        _ => "verify-full",
    };

    /// <summary>The certificates of <see cref="Authority"/>; null for none.</summary>
    /// <exception cref="CryptographicException">They can't be read.</exception>
    internal X509Certificate2Collection? Roots()
    {
        if (Authority is null)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(Authority);
        return roots;
    }

    /// <summary>Whether a text holds certificates in PEM.</summary>
    public static bool HasCertificates(string pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A client's certificate.</summary>
/// <param name="Certificate">The certificate, in PEM.</param>
/// <param name="Key">Its private key, in PEM; never printed.</param>
public sealed record ClientCertificate(string Certificate, string Key)
{
    /// <summary>Whether the two can be read and belong together.</summary>
    public bool IsUsable
    {
        get
        {
            try
            {
                using var certificate = X509Certificate2.CreateFromPem(Certificate, Key);
                return certificate.HasPrivateKey;
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="CryptographicException">They can't be read.</exception>
    internal X509CertificateCollection Load() => [X509Certificate2.CreateFromPem(Certificate, Key)];

    /// <inheritdoc/>
    public override string ToString() => "client certificate";
}
