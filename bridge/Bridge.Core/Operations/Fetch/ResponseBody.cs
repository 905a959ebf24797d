namespace Bridge.Core.Operations.Fetch;

/// <summary>A response's body, read in chunks as the script asks for them. Thread: one read at a time.</summary>
internal sealed class ResponseBody(HttpResponseMessage response, Stream stream) : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    // Long enough for a body that follows its head at once, short enough that nobody notices.
    private static readonly TimeSpan SmallBodyPatience = TimeSpan.FromMilliseconds(5);

    private readonly byte[] _buffer = new byte[ChunkBytes];
    private Task<int>? _reading;
    private int _readingOffset;

    /// <summary>What is there within a moment of the head: often the whole body.</summary>
    internal async Task<(byte[]? Chunk, bool End)> ReadFirstAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (length < ChunkBytes)
        {
            _reading = stream.ReadAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask();
            try
            {
                var read = await _reading.WaitAsync(SmallBodyPatience, cancellation).ConfigureAwait(false);
                _reading = null;
                if (read == 0)
                {
                    return (Take(0, length), true);
                }

                length += read;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Time is up, or the body broke off: the read is kept with what it brings, bytes or a failure, for the one that follows.
                _readingOffset = length;
                return (Take(0, length), false);
            }
        }

        return (Take(0, length), false);
    }

    /// <summary>The next chunk.</summary>
    internal async Task<(byte[]? Chunk, bool End)> ReadNextAsync(CancellationToken cancellation)
    {
        var offset = _reading is null ? 0 : _readingOffset;
        _reading ??= stream.ReadAsync(_buffer, CancellationToken.None).AsTask();
        var read = await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        _reading = null;
        return (Take(offset, read), read == 0);
    }

    public void Dispose()
    {
        // Disposing the response ends a read under way; its failure concerns nobody any more.
        if (_reading is { } reading)
        {
            _ = reading.ContinueWith(static read => read.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        response.Dispose();
    }

    private byte[]? Take(int offset, int length) => length == 0 ? null : _buffer.AsSpan(offset, length).ToArray();
}
