using System.Diagnostics;
using System.Data;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A connection, and what goes on on it.</summary>
/// <remarks>
/// Invariant: whoever uses <see cref="Connection"/> holds <see cref="Turn"/>, or is the only one who knows of the link; an open cursor reads
/// ahead outside of that, and <see cref="Cursor"/> is waited for before anything else is sent.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "Nobody asks it for a handle; and a session that ends gives its turn back after the connection.")]
internal sealed class Link(NpgsqlConnection connection)
{
    // What the driver counts the runs of, to prepare them; of more it forgets some.
    private const int MaxCounted = 100;

    private readonly Dictionary<Statement, int> _runs = [];
    private long _lastUsed = Stopwatch.GetTimestamp();

    /// <summary>The driver's.</summary>
    internal NpgsqlConnection Connection { get; } = connection;

    /// <summary>Held while something runs: a connection does one thing at a time.</summary>
    internal SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>A cursor whose rows are still being read; null for none.</summary>
    internal Cursor? Cursor { get; set; }

    /// <summary>A COPY that is under way; null for none.</summary>
    internal CopyIn? Copy { get; set; }

    /// <summary>Whether it is in a transaction of ours.</summary>
    internal bool InTransaction { get; set; }

    /// <summary>Whether PostgreSQL refuses everything but the end of the transaction, since a statement in it failed.</summary>
    internal bool IsTransactionFailed { get; set; }

    /// <summary>Whether settings may have changed that the next user must not find.</summary>
    internal bool NeedsReset { get; set; }

    /// <summary>
    /// Whether what is prepared on it has to be prepared anew: with types that parameters don't have any more, or in a way that the driver may not
    /// be able to deal with.
    /// </summary>
    internal bool NeedsToForget { get; set; }

    /// <summary>Whether nothing can be done with it any more.</summary>
    internal bool IsBroken => Connection.State != ConnectionState.Open;

    /// <summary>For how long nothing was done with it.</summary>
    internal TimeSpan Idle => Stopwatch.GetElapsedTime(_lastUsed);

    /// <summary>Notes that the server has answered just now.</summary>
    internal void Touch() => _lastUsed = Stopwatch.GetTimestamp();

    /// <summary>Counts a run of a statement.</summary>
    /// <returns>Whether the driver surely had it prepared before.</returns>
    internal bool CountRun(Statement statement)
    {
        if (_runs.Count >= MaxCounted)
        {
            _runs.Clear();
        }

        var runs = _runs.GetValueOrDefault(statement) + 1;
        _runs[statement] = runs;
        return runs > DataSources.PrepareAfterUses;
    }

    /// <summary>Asks the server for an answer, to see whether it gives one.</summary>
    internal ValueTask PingAsync(CancellationToken cancellation) => ExecuteAsync("SELECT 1", cancellation);

    /// <summary>Runs one of our own statements.</summary>
    internal async ValueTask ExecuteAsync(string text, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(text, Connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        Touch();
    }

    /// <summary>Forgets what is prepared on it, after types have changed: PostgreSQL keeps to those that a statement was prepared with.</summary>
    internal async ValueTask ForgetPreparedAsync()
    {
        NeedsToForget = false;
        _runs.Clear();
        await Task.Run(Connection.UnprepareAll).ConfigureAwait(false);
    }
}
