using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Operations;
using Encore.Host.Http;
using Encore.Host.Streams;

namespace Encore.Host.ServiceCalls.Streams;

/// <summary>A stream that another host serves, as a script of this one has it.</summary>
/// <remarks>
/// All that comes is read as it comes, so that pings are answered however slow the script is: the other host keeps to the room that it was
/// granted, and so does this one. Thread: any; the script sends one at a time, and receives one at a time.
/// </remarks>
/// <param name="connection">The connection, opened. Ownership passes to the stream.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="options">How streams are kept.</param>
/// <param name="onLoss">Receives why the connection was lost.</param>
internal sealed class RemoteStream(RemoteConnection connection, RemoteEndpoint endpoint, StreamOptions options, Action<string> onLoss) : IDisposable
{
    private const string Unheard = "sent what hosts of one application don't say to each other";

    private readonly Lock _gate = new();
    private readonly MessageWindow _window = new(options);
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PooledBuffer? _received;
    private int _receivedCount;
    private bool _isOpened;
    private string? _answer;
    private string? _error;
    private RemoteStreamEnd? _end;
    private TaskCompletionSource? _arrival;
    private volatile bool _sendsNoMore;

    /// <summary>Whether the script has left the stream, rather than that it came to an end.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Sends the call, and waits until the handler begins, or never will.</summary>
    /// <param name="call">The call's body.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns>The error that came in place of a stream; null where there is one.</returns>
    /// <exception cref="OperationException">The other host doesn't take the call.</exception>
    public async Task<RemoteStreamEnd?> OpenAsync(byte[] call, CancellationToken cancellation)
    {
        _ = ReadAsync();
        await connection.WriteAsync(call).WaitAsync(cancellation);
        await _decided.Task.WaitAsync(cancellation);
        lock (_gate)
        {
            if (!_isOpened && _end is { Failure: { } failure })
            {
                throw failure;
            }

            // One that ended well without its handler is opened and at its end: a middleware answered in its place.
            return !_isOpened && _end is { IsError: true } ? _end : null;
        }
    }

    /// <summary>Sends messages, as there is room for them.</summary>
    /// <param name="messages">An array of them.</param>
    /// <param name="areLast">Whether there are no more.</param>
    /// <returns>Done when they are on their way, or nobody takes them any more.</returns>
    public async Task SendAsync(JsonElement messages, bool areLast)
    {
        using var frame = new PooledBuffer();
        foreach (var message in messages.EnumerateArray())
        {
            frame.Truncate(0);
            frame.Write(CallWire.Message);
            frame.Write(JsonMarshal.GetRawUtf8Value(message));
            await _window.WaitForRoomAsync();
            if (_sendsNoMore)
            {
                return;
            }

            _window.Add(frame.Length - 1);
            await connection.WriteAsync(frame.WrittenMemory);
        }

        if (areLast && !_sendsNoMore)
        {
            await connection.WriteAsync(new[] { CallWire.EndOfMessages });
        }
    }

    /// <summary>Waits until something has come, and gives the script all of it.</summary>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns><c>{"messages":[…],"end"?}</c>, and whether that was the end.</returns>
    /// <exception cref="OperationException">The stream ended by what came, and that isn't what should have.</exception>
    public async Task<(string Json, bool IsEnd)> ReceiveAsync(CancellationToken cancellation)
    {
        await ArrivalAsync().WaitAsync(cancellation);
        var (messages, count, end) = Take();
        if (end is null)
        {
            Grant(count);
            return ($"{{\"messages\":[{messages}]}}", false);
        }

        if (end.Failure is not { } failure)
        {
            return ($"{{\"messages\":[{messages}],\"end\":{end.Json}}}", true);
        }

        return count > 0 ? ($"{{\"messages\":[{messages}]}}", false) : throw failure;
    }

    /// <summary>The script is through with the stream: nothing more is received.</summary>
    /// <param name="isAll">Whether nothing more is sent either, and its host learns that its caller has left.</param>
    public void Leave(bool isAll)
    {
        IsLeft = true;
        Finish(RemoteStreamEnd.Done, sendsNoMore: isAll);
        if (isAll)
        {
            _ = connection.CloseAsync();
        }
        else
        {
            // The handler may have to say something before it takes what is still sent to it.
            Grant(Take().Count);
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Dispose()
    {
        Finish(RemoteStreamEnd.Done, sendsNoMore: true);
        connection.Dispose();
        lock (_gate)
        {
            _received?.Dispose();
            _received = null;
        }
    }

    private Task ArrivalAsync()
    {
        lock (_gate)
        {
            return _receivedCount > 0 || _end is not null
                ? Task.CompletedTask
                : (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private (string Messages, int Count, RemoteStreamEnd? End) Take()
    {
        lock (_gate)
        {
            var (messages, count) = (_received is null ? "" : Encoding.UTF8.GetString(_received.Written), _receivedCount);
            _received?.Dispose();
            (_received, _receivedCount) = (null, 0);
            return (messages, count, _end);
        }
    }

    // Not awaited: the other host learns of the room as soon as it can.
    private void Grant(int messages)
    {
        if (messages > 0 && !_sendsNoMore)
        {
            _ = connection.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(char)CallWire.Grant}{messages}")));
        }
    }

    private async Task ReadAsync()
    {
        RemoteStreamEnd end;
        try
        {
            end = await ReadToEndAsync();
        }
        catch (Exception error) when (RemoteConnection.IsLoss(error))
        {
            end = EndSoFar ?? Lose(error.Message);
        }
        catch (Exception error)
        {
            // Justification: the root of a flow of its own; whoever waits for the stream must learn that nothing more comes.
            end = Lose(error.ToString());
        }

        Finish(end, sendsNoMore: true);
        await connection.CloseAsync();
        connection.Dispose();
    }

    private async Task<RemoteStreamEnd> ReadToEndAsync()
    {
        while (true)
        {
            using var message = new PooledBuffer(RemoteConnection.ReadBytes);
            if (!await connection.ReadAsync(message, EndpointRoutes.LargestBody))
            {
                return EndSoFar ?? EndOf(connection.CloseCode, connection.CloseReason);
            }

            if (Take(message.Written) is { } end)
            {
                return end;
            }
        }
    }

    /// <summary>Takes a message of the other host's.</summary>
    /// <returns>The end, where it is one.</returns>
    private RemoteStreamEnd? Take(ReadOnlySpan<byte> message)
    {
        var kind = message.IsEmpty ? default : message[0];
        var content = message.IsEmpty ? message : message[1..];
        switch (kind)
        {
            case CallWire.Opened:
                lock (_gate)
                {
                    _isOpened = true;
                }

                _decided.TrySetResult();
                return null;
            case CallWire.Message:
                return Receive(content);
            case CallWire.Grant when Utf8Parser.TryParse(content, out int count, out _):
                _window.Grant(count);
                return null;
            case CallWire.Response:
                return KeepAnswer(content);
            case CallWire.Error:
                return KeepError(content);
            default:
                return Broken(Unheard);
        }
    }

    private RemoteStreamEnd? Receive(ReadOnlySpan<byte> json)
    {
        lock (_gate)
        {
            if (endpoint.Messages is not { } plan)
            {
                return null;
            }

            if (_end is not null)
            {
                Grant(1);
                return null;
            }

            if (_receivedCount >= options.WindowMessages * CallWire.LargestOverrun)
            {
                return Broken("sent more messages than there is room for");
            }

            _received ??= new PooledBuffer(json.Length);
            var before = _received.Length;
            if (before > 0)
            {
                _received.Write((byte)',');
            }

            if (plan.Decode(json, _received) is { } failure)
            {
                _received.Truncate(before);
                return Broken(failure);
            }

            _receivedCount++;
            _arrival?.TrySetResult();
            _arrival = null;
            return null;
        }
    }

    // It travels on as it is, within a text that has to be JSON.
    private RemoteStreamEnd? KeepError(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            using var error = JsonDocument.ParseValue(ref reader);
            _error = error.RootElement.GetRawText();
            return null;
        }
        catch (JsonException)
        {
            return Broken(Unheard);
        }
    }

    private RemoteStreamEnd? KeepAnswer(ReadOnlySpan<byte> json)
    {
        if (endpoint.Answer is not { } plan)
        {
            return null;
        }

        using var value = new PooledBuffer(json.Length);
        if (plan.Decode(json, value) is { } failure)
        {
            return Broken(failure);
        }

        _answer = Encoding.UTF8.GetString(value.Written);
        return null;
    }

    // The reader's alone, as are the error and the answer.
    private RemoteStreamEnd? EndSoFar =>
        _error is not null ? RemoteStreamEnd.Failed(_error)
        : _answer is not null ? RemoteStreamEnd.Answered(_answer)
        : null;

    private RemoteStreamEnd EndOf(int? code, string reason) => code switch
    {
        StreamEnd.Normal => RemoteStreamEnd.Done,
        StreamEnd.PolicyViolation => RemoteStreamEnd.Broken(RemoteAnswer.Refused(endpoint)),
        StreamEnd.GoingAway => Lose($"its host says: {reason}"),
        _ => Lose(string.Create(CultureInfo.InvariantCulture, $"its host closed it with {code} {reason}")),
    };

    private RemoteStreamEnd Lose(string fault)
    {
        bool isNews;
        lock (_gate)
        {
            isNews = _end is null;
        }

        if (isNews)
        {
            onLoss(fault);
        }

        return RemoteStreamEnd.Lost($"the connection to the service {endpoint.Service} was lost");
    }

    private RemoteStreamEnd Broken(DecodeFailure failure) => Broken($"sent what its type doesn't allow: {failure.Message}");

    private RemoteStreamEnd Broken(string what) => RemoteStreamEnd.Broken(new OperationException("Error", $"{endpoint.FullName} {what}"));

    /// <summary>The first end counts.</summary>
    private void Finish(RemoteStreamEnd end, bool sendsNoMore)
    {
        lock (_gate)
        {
            _end ??= end;
            _arrival?.TrySetResult();
            _arrival = null;
        }

        _decided.TrySetResult();
        if (sendsNoMore)
        {
            _sendsNoMore = true;
            _window.Open();
        }
    }
}
