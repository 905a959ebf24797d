using System.Net;
using System.Net.Sockets;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;
using Encore.Host.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Encore.Host.Http;

/// <summary>
/// The HTTP server: Kestrel without the web host around it, which would add 80 ms to the start and 10 MB.
/// </summary>
internal sealed class KestrelEdge : IDisposable
{
    // Connections that may wait to be accepted; the system cuts it to its own limit (4096 on current Linux).
    private const int Backlog = 4096;

    private const double SlowestBodyBytesPerSecond = 240;

    private readonly KestrelServer _server;
    private readonly IDisposable? _transport;
    private readonly ListenOptions _listener;

    private KestrelEdge(KestrelServer server, IDisposable? transport, ListenOptions listener)
    {
        _server = server;
        _transport = transport;
        _listener = listener;
    }

    /// <summary>Where clients reach the server; the port is the one in use, also where any was asked for.</summary>
    public IPEndPoint Address => _listener.IPEndPoint ?? throw new InvalidOperationException("The listener has no IP address.");

    /// <summary>Starts listening.</summary>
    /// <exception cref="ListenException">The address can't be had.</exception>
    public static async Task<KestrelEdge> StartAsync(
        HttpHostOptions host, EdgeApplication application, LogSink log, CancellationToken cancellation)
    {
        var address = host.Listen;
        var loggers = new ServerLogBridge(log);
        var options = new KestrelServerOptions { AddServerHeader = false };

        // Each endpoint has a limit of its own, which BodyReader enforces.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestBodyBytesPerSecond, host.SlowBodyGrace);
        var http = host.Infrastructure.Http;
        if (http.Tls is not null)
        {
            TlsListener.Prepare(options);
        }

        // A connection that PriorKnowledge has marked counts as one with TLS, and its requests say that they came without.
        options.AllowAlternateSchemes = http is { Tls: null, H2c: true };
        ListenOptions? listener = null;
        options.Listen(address, listen =>
        {
            Configure(listen, http);
            listener = listen;
        });
        var transport = CreateTransport(loggers);
        var edge = new KestrelEdge(new KestrelServer(Options.Create(options), transport, loggers), transport as IDisposable, listener!);
        try
        {
            await edge._server.StartAsync(application, cancellation);
            return edge;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            edge.Dispose();
            throw ListenException.From(error, address);
        }
    }

    private static void Configure(ListenOptions listener, HttpConfig http)
    {
        if (http.Tls is { } tls)
        {
            listener.Protocols = HttpProtocols.Http1AndHttp2;
            listener.UseTls(tls);
        }
        else if (http.H2c)
        {
            listener.Protocols = HttpProtocols.Http1AndHttp2;
            listener.UsePriorKnowledge();
        }
        else
        {
            listener.Protocols = HttpProtocols.Http1;
        }
    }

    /// <summary>Stops accepting and waits for the requests that run; cuts them off when <paramref name="limit"/> is cancelled.</summary>
    public Task StopAsync(CancellationToken limit) => _server.StopAsync(limit);

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _transport?.Dispose();
    }

    private static IConnectionListenerFactory CreateTransport(ServerLogBridge loggers) =>
        EpollTransport.IsSupported
            ? new EpollTransport(Backlog)
            : new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = Backlog }), loggers);
}

/// <summary>The host can't listen where it should; the message is one line for the person who started it.</summary>
public sealed class ListenException : Exception
{
    private ListenException(string message, string help, Exception inner)
        : base(message, inner) => Help = help;

    /// <summary>What to do about it.</summary>
    public string Help { get; }

    internal static ListenException From(Exception error, IPEndPoint address) => Cause(error) switch
    {
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => new ListenException(
            $"{address} is in use by another program.", "stop that program, or choose another port with --port", error),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new ListenException(
            $"listening on {address} isn't permitted.", "ports below 1024 need a privilege; choose another port with --port", error),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new ListenException(
            $"{address.Address} is no address of this machine.", "choose another with --host; 0.0.0.0 listens on all", error),
        var other => new ListenException(
            $"can't listen on {address}: {(other ?? error).Message}", "choose another address with --host and --port", error),
    };

    // The server wraps what it knows to be an address in use.
    private static Exception? Cause(Exception? error)
    {
        while (error is not null and not AddressInUseException and not SocketException)
        {
            error = error.InnerException;
        }

        return error;
    }
}
