using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

// Justification: the driver marks its inside experimental; the remarks below say why this file looks there.
#pragma warning disable NPG9001

namespace Bridge.Postgres.FastLane;

/// <summary>A connection that the driver opened and that is ours from then on: its bytes, and how what runs on it is cancelled.</summary>
/// <remarks>
/// The driver knows every way to a server (TLS, certificates, passwords, several hosts), but sends one statement at a time. It has no public
/// way to hand a connection over. Its version is pinned, this file is all that knows of its inside, and a test fails where that has changed.
/// <para>
/// Invariant: nobody gives the driver's connection anything to do while the stream is in use; it is only closed afterwards.
/// </para>
/// </remarks>
internal sealed class DriverStream : IDisposable
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnector _connector;
    private readonly Socket _socket;

    private DriverStream(NpgsqlConnection connection, NpgsqlConnector connector)
    {
        _connection = connection;
        _connector = connector;
        _socket = SocketOf(connector);
        Stream = StreamOf(connector);
        Stream.ReadTimeout = Timeout.Infinite;
        Stream.WriteTimeout = (int)WriteTimeout.TotalMilliseconds;
    }

    /// <summary>What goes to the server and comes from it. One thread may read while another writes.</summary>
    internal Stream Stream { get; }

    /// <summary>Connects. Thread: one that may block.</summary>
    /// <param name="source">Must not pool: a connection that was used this way is of no use to anybody else.</param>
    /// <exception cref="NpgsqlException">There is no connection to be had.</exception>
    internal static DriverStream Open(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            var connector = ConnectorOf(connection) ?? throw new InvalidOperationException("the driver's connection has no connector");
            return new DriverStream(connection, connector);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks the server, over another connection, to cancel what runs on this one just then. Thread: one that may block.</summary>
    internal void Cancel() => PerformCancellation(_connector);

    /// <summary>Ends every read and write that is under way. Thread: any.</summary>
    internal void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _connection.Dispose();
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or ObjectDisposedException)
        {
            // It was lost before it was closed.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stream")]
    private static extern ref Stream StreamOf(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket SocketOf(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "PerformPostgresCancellation")]
    private static extern bool PerformCancellation(NpgsqlConnector connector);
}
