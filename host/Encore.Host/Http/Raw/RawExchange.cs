using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Bridge.Core.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Http.Raw;

/// <summary>
/// One request of a raw endpoint while its handler works: what the script asks for and sends, piece by piece. The protocol between the two
/// is <c>ts-sdk/src/runtime/node-http/exchange-port.ts</c>.
/// </summary>
/// <remarks>
/// Thread: any; the script has one read and one write on their way at most. The server uses the request's state for the next request
/// afterwards, so nothing touches it once <see cref="CloseAsync"/> is done.
/// </remarks>
/// <param name="id">Its number, as the script knows it.</param>
/// <param name="request">The request.</param>
/// <param name="bodyLimit">Bytes that the body may have.</param>
internal sealed class RawExchange(int id, RequestState request, long bodyLimit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private bool _closed;
    private long _received;

    /// <summary>Its number.</summary>
    public int Id => id;

    /// <summary>Done when the answer's head is fixed.</summary>
    public Task Started => _started.Task;

    /// <summary>Whether all of the answer has been handed to the server.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Whether the client sent more than the body may have.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Receives a piece of the body; null after the last one.</summary>
    /// <exception cref="OperationException">There is no such exchange any more, or the body is too large or broken.</exception>
    public Task<byte[]?> ReadAsync() => WithinAsync(async () =>
    {
        try
        {
            var result = await request.BodyPipe.ReadAsync(_closing.Token).ConfigureAwait(false);
            var bytes = result.Buffer.ToArray();
            request.BodyPipe.AdvanceTo(result.Buffer.End);
            _received += bytes.Length;
            if (_received > bodyLimit)
            {
                IsTooLarge = true;
                throw new OperationException("Error", $"the request's body is larger than {bodyLimit} bytes", "ERR_BODY_TOO_LARGE");
            }

            return bytes.Length > 0 || !result.IsCompleted ? bytes : null;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or BadHttpRequestException)
        {
            throw new OperationException("Error", "aborted", "ECONNRESET", error);
        }
    });

    /// <summary>Sends a piece of the answer.</summary>
    /// <param name="head">The answer's head, <c>[status, message, [[name, value], …]]</c>; JSON null where it is fixed already.</param>
    /// <param name="bytes">The piece; null for none.</param>
    /// <param name="isLast">Whether it is the last one.</param>
    /// <exception cref="OperationException">There is no such exchange any more, or it can't be sent.</exception>
    public Task WriteAsync(JsonElement head, byte[]? bytes, bool isLast) => WithinAsync<object?>(async () =>
    {
        try
        {
            if (head.ValueKind == JsonValueKind.Array)
            {
                Begin(head);
            }

            var sent = bytes is null
                ? await request.ResponseWriter.FlushAsync(_closing.Token).ConfigureAwait(false)
                : await request.ResponseWriter.WriteAsync(bytes, _closing.Token).ConfigureAwait(false);
            IsAnswered = isLast;
            return sent.IsCompleted && !isLast ? throw new OperationException("Error", "write after the client left", "EPIPE") : null;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            throw new OperationException("Error", error.Message, error is InvalidOperationException ? "ERR_HTTP_INVALID_ANSWER" : "ECONNRESET", error);
        }
    });

    /// <summary>Lets nothing in any more. Done when all is out.</summary>
    public async Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_inside == 0)
            {
                _left.TrySetResult();
            }
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _left.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();

    private void Begin(JsonElement head)
    {
        request.SetStatus(head[0].GetInt32());
        if (head[1].GetString() is { Length: > 0 } message)
        {
            request.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = message;
        }

        foreach (var line in head[2].EnumerateArray())
        {
            var (name, value) = (line[0].GetString() ?? "", line[1].GetString() ?? "");

            // The connection is the server's, and so is how a body without a length is framed on it.
            if (!name.Equals("connection", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase))
            {
                request.AddHeader(name, value);
            }
        }

        _started.TrySetResult();
    }

    private async Task<T> WithinAsync<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new OperationException("Error", "the request has ended", "ECONNRESET");
            }

            _inside++;
        }

        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (--_inside == 0 && _closed)
                {
                    _left.TrySetResult();
                }
            }
        }
    }
}
