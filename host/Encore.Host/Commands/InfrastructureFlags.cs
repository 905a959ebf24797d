using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.Commands;

/// <summary>What the command line says of the surroundings, over what the configuration says.</summary>
/// <param name="ConfigPath">The configuration; null for ENCORE_INFRA_CONFIG_PATH's.</param>
/// <param name="TlsCertificate">The certificate's file; null for the configuration's.</param>
/// <param name="TlsKey">The key's file; goes with the certificate's.</param>
internal sealed record InfrastructureFlags(string? ConfigPath, string? TlsCertificate, string? TlsKey)
{
    /// <summary>Reads the configuration and puts the flags over it.</summary>
    public InfrastructureConfig Load(Func<string, string?> variables, ICollection<string> problems)
    {
        var config = InfrastructureReader.Load(ConfigPath, variables, problems);
        if (TlsCertificate is null != TlsKey is null)
        {
            problems.Add("--tls-cert and --tls-key go together: give both or neither");
        }

        return TlsCertificate is not null && TlsKey is not null
            ? config with { Http = config.Http with { Tls = new TlsConfig(Path.GetFullPath(TlsCertificate), Path.GetFullPath(TlsKey)) } }
            : config;
    }
}
