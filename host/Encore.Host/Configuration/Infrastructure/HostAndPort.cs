using System.Globalization;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>A server's address as configuration files have it.</summary>
/// <param name="Host">A name or address, IPv6 without brackets; or the folder of a Unix socket.</param>
/// <param name="Port">The port.</param>
internal readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>Reads a name or IPv4 address, or an IPv6 address in brackets, each with a port or without; or a socket's folder.</summary>
    /// <param name="text">The address.</param>
    /// <param name="defaultPort">The port where none is said.</param>
    /// <returns>The address; null where what stands for the port is none.</returns>
    public static HostAndPort? Parse(string text, int defaultPort)
    {
        var colon = text.LastIndexOf(':');
        if (text.StartsWith('/') || colon < 0 || text.EndsWith(']'))
        {
            return new HostAndPort(text.Trim('[', ']'), defaultPort);
        }

        return ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new HostAndPort(text[..colon].Trim('[', ']'), port)
            : null;
    }
}
