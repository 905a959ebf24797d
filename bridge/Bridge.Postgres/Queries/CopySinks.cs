using System.Text.Json;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>Where the rows of a COPY go, in one of its formats.</summary>
internal interface ICopySink
{
    /// <summary>Writes rows. The server takes them as fast as it can, and writing waits for it.</summary>
    /// <param name="rows">Arrays of parameters, as <see cref="Operand"/> says.</param>
    /// <param name="bytes">What bytes among them are slices of.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns>False if the format can't carry one of the values: nothing is written then.</returns>
    ValueTask<bool> TryWriteAsync(JsonElement rows, byte[]? bytes, CancellationToken cancellation);

    /// <summary>Ends it: the server has taken all rows then.</summary>
    ValueTask CompleteAsync();

    /// <summary>Gives it up: the server has none of the rows then.</summary>
    ValueTask CancelAsync();
}

/// <summary>COPY's text format, which carries every value.</summary>
internal sealed class TextCopySink : ICopySink
{
    private readonly NpgsqlCopyTextWriter _writer;
    private readonly PgType[] _types;

    private TextCopySink(NpgsqlCopyTextWriter writer, PgType[] types)
    {
        _writer = writer;
        _types = types;
    }

    /// <summary>Begins.</summary>
    internal static async ValueTask<ICopySink> OpenAsync(NpgsqlConnection connection, string text, PgType[] types, CancellationToken cancellation) =>
        new TextCopySink((NpgsqlCopyTextWriter)await connection.BeginTextImportAsync(text, cancellation).ConfigureAwait(false), types);

    /// <inheritdoc/>
    public async ValueTask<bool> TryWriteAsync(JsonElement rows, byte[]? bytes, CancellationToken cancellation)
    {
        await _writer.WriteAsync(CopyText.Format(rows, _types, bytes).AsMemory(), cancellation).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => _writer.DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask CancelAsync()
    {
        await _writer.CancelAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>COPY's binary format.</summary>
internal sealed class BinaryCopySink : ICopySink
{
    private readonly NpgsqlRawCopyStream _stream;
    private readonly CopyBinary _format;

    private BinaryCopySink(NpgsqlRawCopyStream stream, PgType[] types)
    {
        _stream = stream;
        _format = new CopyBinary(types);
    }

    /// <summary>Begins.</summary>
    internal static async ValueTask<ICopySink> OpenAsync(NpgsqlConnection connection, string text, PgType[] types, CancellationToken cancellation)
    {
        var stream = await connection.BeginRawBinaryCopyAsync(text + " (FORMAT BINARY)", cancellation).ConfigureAwait(false);
        await stream.WriteAsync(CopyBinary.Header, cancellation).ConfigureAwait(false);
        return new BinaryCopySink(stream, types);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryWriteAsync(JsonElement rows, byte[]? bytes, CancellationToken cancellation)
    {
        if (_format.Format(rows, bytes) is not { } written)
        {
            return false;
        }

        await _stream.WriteAsync(written, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync()
    {
        await _stream.WriteAsync(CopyBinary.Trailer).ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CancelAsync()
    {
        await _stream.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
