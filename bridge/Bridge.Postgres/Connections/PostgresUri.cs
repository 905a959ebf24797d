using System.Globalization;

namespace Bridge.Postgres.Connections;

/// <summary>Writes the URIs that libpq and most drivers take.</summary>
internal static class PostgresUri
{
    /// <summary>A database's URI.</summary>
    public static string Of(string host, int port, string database, string username, string password, string sslMode)
    {
        // A Unix socket's folder has no place in a URI's authority.
        var isSocket = host.StartsWith('/');
        var address = isSocket ? "" : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        var authorityPort = isSocket ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
        var socket = isSocket ? string.Create(CultureInfo.InvariantCulture, $"host={Uri.EscapeDataString(host)}&port={port}&") : "";
        return $"postgresql://{Uri.EscapeDataString(username)}:{Uri.EscapeDataString(password)}@{address}{authorityPort}/{Uri.EscapeDataString(database)}?{socket}sslmode={sslMode}";
    }
}
