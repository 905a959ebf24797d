using System.Text.Json;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>Rows that are being inserted by COPY.</summary>
/// <remarks>
/// All of them are there with the end, or none. They go in COPY's binary format where all columns' types allow that, until a value comes that only
/// the text format carries: a second COPY goes on with it. Invariant: where there may be two, a transaction holds them together.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "Nobody asks them for handles, so that the collector has nothing to give back to the system for them.")]
internal sealed class CopyIn
{
    private readonly Database _database;
    private readonly Link _link;
    private readonly bool _ownsLink;
    private readonly string _text;
    private readonly PgType[] _types;
    private readonly bool _ownsTransaction;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ICopySink _sink;
    private long _rows;
    private bool _isOver;

    private CopyIn(Database database, Link link, bool ownsLink, string text, PgType[] types, ICopySink sink, bool ownsTransaction)
    {
        _database = database;
        _link = link;
        _ownsLink = ownsLink;
        _text = text;
        _types = types;
        _sink = sink;
        _ownsTransaction = ownsTransaction;
    }

    /// <summary>Begins, on a connection that does nothing else meanwhile.</summary>
    /// <param name="database">Where.</param>
    /// <param name="link">The connection.</param>
    /// <param name="ownsLink">Whether the connection goes back to the pool with the end.</param>
    /// <param name="table">Its name, after its schema's where it has one.</param>
    /// <param name="columns">Which columns the rows have.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    internal static async ValueTask<CopyIn> OpenAsync(
        Database database, Link link, bool ownsLink, string table, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var name = string.Join('.', table.Split('.').Select(Identifier.Quote));
        var text = $"COPY {name} ({string.Join(", ", columns.Select(Identifier.Quote))}) FROM STDIN";
        var ownsTransaction = false;
        try
        {
            var types = await FindTypesAsync(database, link, name, columns, cancellation).ConfigureAwait(false);

            // On a connection that the application has acquired, a transaction may be under way that is only known to PostgreSQL.
            var isBinary = (ownsLink || link.InTransaction) && CopyBinary.Takes(types);
            if (isBinary && !link.InTransaction)
            {
                ownsTransaction = link.InTransaction = true;
                await link.ExecuteAsync("BEGIN", cancellation).ConfigureAwait(false);
            }

            var sink = isBinary
                ? await BinaryCopySink.OpenAsync(link.Connection, text, types, cancellation).ConfigureAwait(false)
                : await TextCopySink.OpenAsync(link.Connection, text, types, cancellation).ConfigureAwait(false);
            var copy = new CopyIn(database, link, ownsLink, text, types, sink, ownsTransaction);
            link.Copy = copy;
            return copy;
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            var explained = database.Explain(exception, link, null);
            if (ownsTransaction)
            {
                await RollBackAsync(link).ConfigureAwait(false);
            }

            throw explained;
        }
    }

    /// <summary>Writes rows.</summary>
    /// <param name="rows">Arrays of parameters, as <see cref="Operand"/> says.</param>
    /// <param name="bytes">What bytes among them are slices of.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    internal async ValueTask WriteAsync(JsonElement rows, byte[]? bytes, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!await _sink.TryWriteAsync(rows, bytes, cancellation).ConfigureAwait(false))
            {
                await _sink.CompleteAsync().ConfigureAwait(false);
                _sink = await TextCopySink.OpenAsync(_link.Connection, _text, _types, cancellation).ConfigureAwait(false);
                await _sink.TryWriteAsync(rows, bytes, cancellation).ConfigureAwait(false);
            }

            _rows += rows.GetArrayLength();
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            var explained = _database.Explain(exception, _link, null);
            await FinishAsync(isAborted: true).ConfigureAwait(false);
            throw explained;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends it: the rows are there then.</summary>
    /// <returns>How many they are.</returns>
    internal async ValueTask<long> CompleteAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await FinishAsync(isAborted: false).ConfigureAwait(false);
            return _rows;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives it up: none of its rows is there.</summary>
    internal async ValueTask AbortAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await FinishAsync(isAborted: true).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async ValueTask<PgType[]> FindTypesAsync(
        Database database, Link link, string table, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var oids = new Dictionary<string, uint>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(
            "SELECT attname::text, atttypid FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped", link.Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        await using (var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                oids[reader.GetString(0)] = await reader.GetFieldValueAsync<uint>(1, cancellation).ConfigureAwait(false);
            }
        }

        // A column that isn't there is left to COPY, which says so.
        await database.Catalog.LoadAsync(oids.Values, cancellation).ConfigureAwait(false);
        return [.. columns.Select(column => database.Catalog.Find(oids.GetValueOrDefault(column)) ?? ScalarType.Unknown)];
    }

    private async ValueTask FinishAsync(bool isAborted)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        Exception? failure = null;
        try
        {
            await EndAsync(isAborted).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees. What an aborted one fails of has been told; the connection's
            // state says whether it is of use still.
            failure = isAborted && exception is NpgsqlException or ObjectDisposedException or OperationCanceledException
                ? null
                : _database.Explain(exception, _link, null);
        }

        if (_ownsTransaction)
        {
            await RollBackAsync(_link).ConfigureAwait(false);
        }

        _link.Touch();
        _link.Copy = null;
        if (_ownsLink)
        {
            _database.Pool.Return(_link);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private async ValueTask EndAsync(bool isAborted)
    {
        if (isAborted)
        {
            await _sink.CancelAsync().ConfigureAwait(false);
            return;
        }

        await _sink.CompleteAsync().ConfigureAwait(false);
        if (_ownsTransaction)
        {
            await _link.ExecuteAsync("COMMIT", CancellationToken.None).ConfigureAwait(false);
            _link.InTransaction = false;
        }
    }

    // Nothing where it has been committed. A rollback that fails has lost its connection, and that rolls back too.
    private static async ValueTask RollBackAsync(Link link)
    {
        try
        {
            if (link.InTransaction && !link.IsBroken)
            {
                await link.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException)
        {
            // The connection says so.
        }
        finally
        {
            link.InTransaction = false;
            link.IsTransactionFailed = false;
        }
    }
}
