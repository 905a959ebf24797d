using System.Security.Cryptography;
using Npgsql;

namespace Bridge.Postgres.Connections;

/// <summary>Where a database is, and who connects to it.</summary>
/// <param name="Target">
/// How Npgsql reaches it, pool bounds included. Certificates aren't part of it: <see cref="CreateBuilder"/> adds them.
/// </param>
/// <param name="Uri">The same for other programs, such as psql.</param>
/// <param name="Tls">How the connection is protected; null for a server on this machine, without.</param>
public sealed record DatabaseAddress(NpgsqlConnectionStringBuilder Target, string Uri, ServerTls? Tls = null)
{
    /// <summary>The database's address on a server that is reached over the network.</summary>
    /// <param name="host">A name or address, or the folder of a Unix socket.</param>
    /// <param name="port">The port.</param>
    /// <param name="database">The database's name there.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The user's password.</param>
    /// <param name="tls">How the connection is protected.</param>
    public static DatabaseAddress Of(string host, int port, string database, string username, string password, ServerTls tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        var target = new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Database = database,
            Username = username,
            Password = password,
            SslMode = tls.Mode,
        };
        return new DatabaseAddress(target, PostgresUri.Of(host, port, database, username, password, tls.UriMode), tls);
    }

    /// <summary>Adds the certificates to a slim builder.</summary>
    /// <exception cref="CryptographicException">A certificate can't be read.</exception>
    public void Protect(NpgsqlSlimDataSourceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Tls?.Roots() is { } roots)
        {
            builder.UseRootCertificates(roots);
        }

        if (Tls?.Client is { } client)
        {
            var own = client.Load();
            builder.UseSslClientAuthenticationOptionsCallback(options => options.ClientCertificates = own);
        }
    }

    /// <summary>What makes connections; add to it what the user of the database needs.</summary>
    /// <param name="change">Changes a copy of <see cref="Target"/> first; null leaves it.</param>
    /// <exception cref="CryptographicException">A certificate can't be read.</exception>
    public NpgsqlDataSourceBuilder CreateBuilder(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var target = new NpgsqlConnectionStringBuilder(Target.ConnectionString);
        change?.Invoke(target);
        var builder = new NpgsqlDataSourceBuilder(target.ConnectionString);
        if (Tls?.Roots() is { } roots)
        {
            builder.UseRootCertificates(roots);
        }

        if (Tls?.Client is { } client)
        {
            var own = client.Load();
            builder.UseSslClientAuthenticationOptionsCallback(options => options.ClientCertificates = own);
        }

        return builder;
    }
}
