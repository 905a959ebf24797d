using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Bridge.Core.Isolates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Transport;

/// <summary>A connection between a client and the server, on a loop.</summary>
/// <remarks>
/// Two pipes: what the socket receives, which the server reads, and what the server writes, which the socket sends. Their schedulers bring the
/// transport's half of both onto the loop's thread, where every method here runs unless it says otherwise.
/// </remarks>
internal sealed partial class EpollConnection :
    ConnectionContext,
    IConnectionIdFeature,
    IConnectionTransportFeature,
    IConnectionItemsFeature,
    IConnectionLifetimeFeature,
    IConnectionEndPointFeature,
    IMemoryPoolFeature,
    IConnectionLoopFeature,
    IThreadPoolWorkItem
{
    private static readonly Type[] OwnFeatures =
    [
        typeof(IConnectionIdFeature),
        typeof(IConnectionTransportFeature),
        typeof(IConnectionItemsFeature),
        typeof(IConnectionLifetimeFeature),
        typeof(IConnectionEndPointFeature),
        typeof(IMemoryPoolFeature),
        typeof(IConnectionLoopFeature),
    ];

    private static long _lastId;

    private readonly EpollLoop _loop;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly PipeWriter _input;
    private readonly PipeReader _output;
    private readonly CancellationTokenSource _closed = new();
    private IDictionary<object, object?>? _items;
    private ulong _key;
    private bool _sendEnded;
    private Milestone _isOver;
    private ConnectionAbortedException? _abortReason;

    private EpollConnection(EpollLoop loop, Socket socket, DuplexPipePair pipes)
    {
        _loop = loop;
        _socket = socket;
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _input = pipes.Received;
        _output = pipes.Unsent;
        ConnectionId = Interlocked.Increment(ref _lastId).ToString("X", CultureInfo.InvariantCulture);
        Features = new ConnectionFeatures(this, OwnFeatures);
        Transport = pipes.Server;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; }

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; }

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool => _loop.Pool;

    /// <inheritdoc/>
    RequestLoop IConnectionLoopFeature.Loop => _loop;

    /// <summary>Starts to serve an accepted socket, which the connection owns from here on. Thread: any.</summary>
    internal static EpollConnection Start(EpollLoop loop, Socket socket)
    {
        var connection = new EpollConnection(loop, socket, loop.Pipes.Create());
        loop.Post(static state => ((EpollConnection)state!).Begin(), connection);
        return connection;
    }

    /// <summary>What epoll reports of the socket.</summary>
    internal void OnEvents(uint events)
    {
        if ((events & (Libc.Writable | Libc.Failed | Libc.HungUp)) != 0)
        {
            _writable.Set();
        }

        if ((events & (Libc.Readable | Libc.PeerClosed | Libc.Failed | Libc.HungUp)) != 0)
        {
            _peerClosed |= (events & (Libc.PeerClosed | Libc.Failed | Libc.HungUp)) != 0;
            _readable.Set();
        }
    }

    /// <summary>Ends the connection now: what is unsent is lost. Thread: any.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Interlocked.CompareExchange(ref _abortReason, abortReason, null);
        _output.CancelPendingRead();
        _loop.Post(static state => ((EpollConnection)state!).ShutDown(), this);
    }

    /// <summary>The server has finished: what it wrote is sent, then the socket is closed. Thread: any.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _isOver.WaitAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Tells the request that the client has left. Thread: a pool's, since anybody's callbacks run.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The server finished with the connection at the same time.
        }
    }

    private void Begin()
    {
        try
        {
            _key = _loop.Add(this, _descriptor);
        }
        catch (Win32Exception error)
        {
            // The system watches no more sockets; this client is sent away, the others are served.
            EndReceive(new IOException(error.Message, error));
            EndSend(error);
            return;
        }

        _ = ReceiveAsync();
        _ = SendAsync();
    }

    private void ShutDown()
    {
        if (_socketIsOpen)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The peer was faster.
            }
        }
    }

    /// <summary>Closes the socket once neither direction is in use.</summary>
    private void CloseWhenDone()
    {
        if (_receiveEnded && _sendEnded && _socketIsOpen)
        {
            _socketIsOpen = false;
            _loop.Remove(_key, _descriptor);
            _socket.Dispose();
            _isOver.Reach();
        }
    }
}
