using System.Globalization;
using System.Net;

namespace Encore.Host.Configuration;

/// <summary>Finds out where to listen.</summary>
internal static class ListenAddress
{
    /// <summary>Flag, else ENCORE_LISTEN_ADDR, else PORT, else the default; address and port each on their own.</summary>
    public static IPEndPoint Resolve(
        string? host, int? port, HostEnvironment environment, Func<string, string?> variables, ICollection<string> problems)
    {
        var (listenHost, listenPort) = ReadListenVariable(variables("ENCORE_LISTEN_ADDR"), problems);
        var platformPort = ReadPort("PORT", variables("PORT"), problems);
        var fallback = platformPort is not null && environment == HostEnvironment.Production ? IPAddress.Any : IPAddress.Loopback;
        var address = host is null ? listenHost : ReadHost("--host", host, problems);
        if (port is { } given && !IsPort(given))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"--port: {given} is not a port number (0 to 65535)"));
            port = null;
        }

        return new IPEndPoint(address ?? fallback, port ?? listenPort ?? platformPort ?? HttpHostOptions.DefaultPort);
    }

    /// <summary>Reads an address as people write it: an IP address, <c>localhost</c>, or <c>*</c> for all.</summary>
    public static IPAddress? ParseHost(string text) => text.Trim('[', ']') switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        var other => IPAddress.TryParse(other, out var address) ? address : null,
    };

    // <host>:<port>, [<IPv6>]:<port> or :<port>
    private static (IPAddress? Host, int? Port) ReadListenVariable(string? text, ICollection<string> problems)
    {
        const string Name = "ENCORE_LISTEN_ADDR";
        if (string.IsNullOrEmpty(text))
        {
            return (null, null);
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            problems.Add($"{Name}: '{text}' is not of the form host:port");
            return (null, null);
        }

        var host = colon == 0 ? IPAddress.Any : ReadHost(Name, text[..colon], problems);
        return (host, ReadPort(Name, text[(colon + 1)..], problems));
    }

    private static IPAddress? ReadHost(string name, string text, ICollection<string> problems)
    {
        var address = ParseHost(text);
        if (address is null)
        {
            problems.Add($"{name}: '{text}' is not an IP address, localhost or *");
        }

        return address;
    }

    private static int? ReadPort(string name, string? text, ICollection<string> problems)
    {
        if (text is null || (text.Length == 0 && name == "PORT"))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && IsPort(port))
        {
            return port;
        }

        problems.Add($"{name}: '{text}' is not a port number (0 to 65535)");
        return null;
    }

    private static bool IsPort(int port) => port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
}
