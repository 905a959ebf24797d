using System.Net.WebSockets;
using Bridge.Core.Buffers;

namespace Encore.Host.ServiceCalls.Streams;

/// <summary>The WebSocket of a stream that another host serves: whole messages of text. Thread: any; one reads at a time.</summary>
/// <param name="socket">The connection, opened. Ownership passes to this.</param>
/// <param name="closeTimeout">How long the other host may take to close its side.</param>
internal sealed class RemoteConnection(ClientWebSocket socket, TimeSpan closeTimeout) : IDisposable
{
    /// <summary>Bytes that a message is given room for at a time.</summary>
    public const int ReadBytes = 4096;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _limit = new();

    /// <summary>The close code that the other host has sent; null where it left without one.</summary>
    public int? CloseCode => (int?)socket.CloseStatus;

    /// <summary>What it says of that.</summary>
    public string CloseReason => socket.CloseStatusDescription ?? "";

    /// <summary>Whether an error is one of a connection that is gone.</summary>
    public static bool IsLoss(Exception error) =>
        error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Reads the next message.</summary>
    /// <param name="message">Gets it appended.</param>
    /// <param name="limit">Bytes that it may have.</param>
    /// <returns>False where the other host has closed the connection, and <see cref="CloseCode"/> says how.</returns>
    /// <exception cref="WebSocketException">The connection is gone, or what came is no message.</exception>
    public async Task<bool> ReadAsync(PooledBuffer message, long limit)
    {
        while (true)
        {
            var read = await socket.ReceiveAsync(message.GetMemory(ReadBytes), _limit.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            message.Advance(read.Count);
            if (read.MessageType != WebSocketMessageType.Text || message.Length > limit)
            {
                throw new WebSocketException(WebSocketError.InvalidMessageType);
            }

            if (read.EndOfMessage)
            {
                return true;
            }
        }
    }

    /// <summary>Writes a message. Where that fails, reading does as well, and says why.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> message)
    {
        await _writing.WaitAsync();
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception error) when (IsLoss(error))
        {
            socket.Abort();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Closes this side once everything is written. Whoever reads is through with that within the time limit.</summary>
    public async Task CloseAsync()
    {
        try
        {
            _limit.CancelAfter(closeTimeout);
            await _writing.WaitAsync(_limit.Token);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, _limit.Token);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception error) when (IsLoss(error))
        {
            socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        _limit.Dispose();
    }
}
