using System.Buffers;
using System.IO.Pipelines;
using Bridge.Core.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Encore.Host.Http;

/// <summary>
/// Gives a request's body as contiguous bytes: in place where it lies in one segment, else in a pooled copy.
/// </summary>
/// <remarks>
/// The decoder reads one span. Reading on over segments would save copying bodies of more than one, memory's speed against a decode that is
/// some ten times slower, and would cost every body: names, strings and numbers split between segments, a mark for each union that goes back,
/// and texts and numbers that rules look at again. Bodies must be there as a whole anyway before a handler is called.
/// One request at a time; belongs to a <see cref="RequestState"/>. Thread: the request's.</remarks>
internal sealed class BodyReader
{
    // Invariant: not null between ReadAsync and Release, the only times it is used.
    private PipeReader? _pipe;
    private ReadOnlySequence<byte> _inPlace;
    private bool _isHeld;
    private PooledBuffer? _copy;

    /// <summary>The body, once it is <see cref="BodyStatus.Complete"/>, until <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _copy is null ? _inPlace.FirstSpan : _copy.Written;

    /// <summary>What the server said of a body that is <see cref="BodyStatus.Malformed"/>.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Reads the whole body. Completes at once where all of it has arrived with the head.</summary>
    /// <param name="pipe">The body as the server gives it.</param>
    /// <param name="declaredLength">The Content-Length, if there is one.</param>
    /// <param name="limit">More bytes than this are <see cref="BodyStatus.TooLarge"/>.</param>
    public ValueTask<BodyStatus> ReadAsync(PipeReader pipe, long? declaredLength, long limit)
    {
        if (declaredLength > limit)
        {
            return new(BodyStatus.TooLarge);
        }

        _pipe = pipe;
        try
        {
            return pipe.TryRead(out var result) && Take(result, limit) is { } status ? new(status) : ReadOnAsync(pipe, limit);
        }
        catch (Exception error) when (StatusOf(error) is not null)
        {
            return new(Fail(error));
        }
    }

    /// <summary>Copies a complete body, so that it outlives the pipe that it came from.</summary>
    public void Keep()
    {
        if (!_isHeld)
        {
            return;
        }

        var copy = new PooledBuffer((int)_inPlace.Length);
        copy.Write(_inPlace.FirstSpan);
        Release();
        _copy = copy;
    }

    /// <summary>Gives the bytes back to the server or the pool.</summary>
    public void Release()
    {
        _copy?.Dispose();
        _copy = null;
        if (_isHeld)
        {
            _pipe!.AdvanceTo(_inPlace.End);
            _inPlace = default;
            _isHeld = false;
        }

        _pipe = null;
    }

    /// <summary>Says that a body can't be decoded.</summary>
    public BodyStatus Reject(string fault)
    {
        Fault = fault;
        return BodyStatus.Malformed;
    }

    private async ValueTask<BodyStatus> ReadOnAsync(PipeReader pipe, long limit)
    {
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync();
                if (Take(result, limit) is { } status)
                {
                    return status;
                }
            }
        }
        catch (Exception error) when (StatusOf(error) is not null)
        {
            return Fail(error);
        }
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>How the body ended, or null if more must come.</returns>
    private BodyStatus? Take(in ReadResult result, long limit)
    {
        var bytes = result.Buffer;
        if ((_copy?.Length ?? 0) + bytes.Length > limit)
        {
            _pipe!.AdvanceTo(bytes.End);
            return BodyStatus.TooLarge;
        }

        if (result.IsCompleted && _copy is null && bytes.IsSingleSegment)
        {
            _inPlace = bytes;
            _isHeld = true;
            return BodyStatus.Complete;
        }

        _copy ??= new PooledBuffer((int)bytes.Length * 2);
        foreach (var segment in bytes)
        {
            _copy.Write(segment.Span);
        }

        _pipe!.AdvanceTo(bytes.End);
        if (result.IsCompleted)
        {
            return BodyStatus.Complete;
        }

        return result.IsCanceled ? BodyStatus.ClientGone : null;
    }

    private BodyStatus Fail(Exception error)
    {
        Fault = error.Message;
        return StatusOf(error)!.Value;
    }

    private static BodyStatus? StatusOf(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => BodyStatus.TooSlow,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyStatus.TooLarge,
        ConnectionResetException or OperationCanceledException => BodyStatus.ClientGone,
        BadHttpRequestException or IOException or InvalidDataException => BodyStatus.Malformed,
        _ => null,
    };
}

/// <summary>How reading a body ended.</summary>
internal enum BodyStatus
{
    /// <summary>All of it is there.</summary>
    Complete,

    /// <summary>It is larger than the endpoint allows.</summary>
    TooLarge,

    /// <summary>It ended too early, or its chunks are no chunks.</summary>
    Malformed,

    /// <summary>It came too slowly.</summary>
    TooSlow,

    /// <summary>Its Content-Encoding is none that can be decoded.</summary>
    UnknownEncoding,

    /// <summary>The connection is gone; there is nobody to answer.</summary>
    ClientGone,
}
