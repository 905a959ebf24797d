using System.Globalization;
using Bridge.Core.PubSub;

namespace Bridge.Nats.Connections;

/// <summary>Where a server listens, and who is to enter there.</summary>
internal sealed record ServerAddress
{
    private const int DefaultPort = 4222;

    /// <summary>Its host's name or address.</summary>
    internal required string Host { get; init; }

    /// <summary>Its port.</summary>
    internal required int Port { get; init; }

    /// <summary>Whether the connection has to be encrypted.</summary>
    internal bool RequiresTls { get; init; }

    /// <summary>The user's name; null for none.</summary>
    internal string? User { get; init; }

    /// <summary>The user's password; null for none.</summary>
    internal string? Password { get; init; }

    /// <summary>A token; null for none.</summary>
    internal string? Token { get; init; }

    /// <summary>Reads all addresses of the options; their own credentials come before the options'.</summary>
    /// <exception cref="BrokerException">One is malformed.</exception>
    internal static IReadOnlyList<ServerAddress> ParseAll(NatsBrokerOptions options)
    {
        var addresses = options.Servers
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => Parse(text, options))
            .ToList();
        return addresses.Count > 0 ? addresses : throw Malformed("", "there is no address");
    }

    /// <summary>Another server of the same cluster: entered the same way.</summary>
    /// <param name="address">"host:port".</param>
    /// <returns>Null where the text isn't that.</returns>
    internal ServerAddress? Sibling(string address) =>
        Uri.TryCreate($"nats://{address}", UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? this with { Host = uri.IdnHost, Port = PortOf(uri) }
            : null;

    /// <inheritdoc/>
    /// <remarks>Without credentials.</remarks>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static ServerAddress Parse(string text, NatsBrokerOptions options)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"nats://{text}";
        var shown = full[(full.LastIndexOf('@') + 1)..];
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Malformed(shown, "it is no address");
        }

        if (uri.Scheme is not ("nats" or "tls"))
        {
            throw Malformed(shown, $"\"{uri.Scheme}\" isn't spoken here");
        }

        if (uri.AbsolutePath is not ("" or "/"))
        {
            throw Malformed(shown, "nothing may follow the port");
        }

        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var name = uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]);
        return new ServerAddress
        {
            Host = uri.IdnHost,
            Port = PortOf(uri),
            RequiresTls = uri.Scheme == "tls",
            User = colon < 0 ? options.User : name,
            Password = colon < 0 ? options.Password : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]),
            Token = colon < 0 ? name ?? options.Token : null,
        };
    }

    private static int PortOf(Uri uri) => uri.Port > 0 ? uri.Port : DefaultPort;

    private static BrokerException Malformed(string address, string problem) =>
        new($"The NATS server's address \"{address}\" can't be used: {problem}.", "Write nats://host:4222 or tls://host:4222; several are separated by commas.", isTransient: false);
}
