using Bridge.Core.Schema;
using Bridge.Postgres.Connections;

namespace Encore.Host.Databases;

/// <summary>A database that the application declares, and where it is.</summary>
/// <param name="Schema">What the application declares.</param>
/// <param name="Address">Where it is.</param>
/// <param name="IsEmbedded">Whether it is on the application's own server.</param>
internal sealed record ResolvedDatabase(SqlDatabaseSchema Schema, DatabaseAddress Address, bool IsEmbedded)
{
    /// <summary>The name as declared.</summary>
    public string Name => Schema.Name;

    /// <summary>How Npgsql reaches it; <see cref="DatabaseAddress.CreateBuilder"/> adds certificates.</summary>
    public string ConnectionString => Address.Target.ConnectionString;

    /// <summary>The same for other programs.</summary>
    public string Uri => Address.Uri;

    /// <summary>For people: "embedded", or the server's name and port.</summary>
    public string Place => IsEmbedded ? "embedded" : FormattableString.Invariant($"{Address.Target.Host}:{Address.Target.Port}");
}
