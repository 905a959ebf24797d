using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary>
/// What scripts ask of databases, as operations of the isolate. The script's side is <c>ts-sdk/src/storage/sqldb</c>; payloads are JSON arrays,
/// read by position.
/// </summary>
/// <remarks>
/// | operation | payload | answer |
/// | --- | --- | --- |
/// | <c>sql.run</c> | <c>[db, session, seq, mode, knownShape, text, params, timeoutMs]</c> | <c>[count, shape, columns | null, rows]</c> |
/// | <c>sql.open</c> | <c>[db, session, seq, knownShape, text, params, timeoutMs]</c> | <c>[cursor, done, shape, columns | null, rows]</c> |
/// | <c>sql.fetch</c> | <c>[cursor]</c> | <c>[done, rows]</c> |
/// | <c>sql.close</c> | <c>[cursor]</c> | <c>null</c> |
/// | <c>sql.begin</c> | <c>[db, session, seq, isolation | null, readOnly, deferrable]</c> | a session |
/// | <c>sql.acquire</c> | <c>[db]</c> | a session |
/// | <c>sql.commit</c>, <c>sql.rollback</c>, <c>sql.release</c> | <c>[session, seq]</c> | <c>null</c> |
/// | <c>sql.copyOpen</c> | <c>[db, session, seq, table, columns]</c> | a copy |
/// | <c>sql.copyRows</c> | <c>[copy, [params, …]]</c> | <c>null</c>, once written |
/// | <c>sql.copyClose</c> | <c>[copy, commit]</c> | how many rows |
/// | <c>sql.listen</c> | <c>[db, channel]</c> | a listener |
/// | <c>sql.next</c> | <c>[listener]</c> | <c>[[channel, payload, pid] | null, …]</c> |
/// | <c>sql.unlisten</c> | <c>[listener]</c> | <c>null</c> |
/// | <c>sql.uri</c> | <c>[db]</c> | a string |
///
/// Session 0 is any connection; operations of another session run in the order of <c>seq</c>. Columns are <c>[[name, kind], …]</c>, told where
/// the script doesn't know the shape's number. Operations that run statements fail with an <c>SQLError</c>. Thread: any.
/// </remarks>
public sealed class SqlOperations : IAsyncDisposable
{
    private readonly Dictionary<string, Lazy<Database>> _databases;
    private readonly SessionTable _sessions = new();
    private readonly CursorTable _cursors = new();
    private readonly CopyTable _copies = new();

    /// <summary>Prepares the operations; nothing is connected before the first is used.</summary>
    /// <param name="databases">By name, as the application declares them.</param>
    /// <param name="options">What concerns all of them; null for the defaults.</param>
    public SqlOperations(IReadOnlyDictionary<string, SqlDatabaseOptions> databases, SqlOperationsOptions? options = null)
    {
        options ??= new SqlOperationsOptions();
        _databases = databases.ToDictionary(
            entry => entry.Key, entry => new Lazy<Database>(() => new Database(entry.Value, options)), StringComparer.Ordinal);
        Handlers = new Dictionary<string, IOperationHandler>(StringComparer.Ordinal)
        {
            ["sql.run"] = new RunOperation(Find, _sessions),
            ["sql.open"] = new OpenOperation(Find, _sessions, _cursors),
            ["sql.fetch"] = new FetchOperation(_cursors),
            ["sql.close"] = new CloseOperation(_cursors),
            ["sql.begin"] = new BeginOperation(Find, _sessions),
            ["sql.acquire"] = new AcquireOperation(Find, _sessions),
            ["sql.commit"] = new EndOperation(_sessions, commits: true),
            ["sql.rollback"] = new EndOperation(_sessions, commits: false),
            ["sql.release"] = new EndOperation(_sessions, commits: false),
            ["sql.copyOpen"] = new CopyOpenOperation(Find, _sessions, _copies),
            ["sql.copyRows"] = new CopyRowsOperation(_copies),
            ["sql.copyClose"] = new CopyCloseOperation(_copies),
            ["sql.listen"] = new ListenOperation(Find),
            ["sql.next"] = new NextOperation(FindListener),
            ["sql.unlisten"] = new UnlistenOperation(FindListener),
            ["sql.uri"] = new UriOperation(databases),
        };
    }

    /// <summary>The operations by kind, for <c>IsolateOptions.Operations</c>.</summary>
    public IReadOnlyDictionary<string, IOperationHandler> Handlers { get; }

    /// <summary>Sessions that are open.</summary>
    internal int SessionCount => _sessions.Count;

    /// <summary>Adds a message to what a script's transaction does: it is published if and only if that commits.</summary>
    /// <param name="session">The transaction's number, as <c>sql.begin</c> answered it.</param>
    /// <param name="sequence">The operation's place among those of the session, which the script counts.</param>
    /// <param name="topic">The topic's name in the application.</param>
    /// <param name="message">The message. Its body is the caller's again when the task ends.</param>
    /// <param name="cancellation">Nobody waits any more; the operation's turn is used up all the same.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="OperationException">An <c>SQLError</c>: the transaction has ended or failed, or there is no table for such messages and none can be made.</exception>
    public ValueTask<string> InsertIntoOutboxAsync(int session, int sequence, string topic, OutgoingMessage message, CancellationToken cancellation) =>
        OutboxInsertion.RunAsync(_sessions.Find(session), sequence, topic, message, cancellation);

    /// <summary>Uses up an operation's place in a session without doing anything there: the operation failed before it came to that.</summary>
    /// <param name="session">The session's number.</param>
    /// <param name="sequence">The operation's place.</param>
    public async ValueTask PassTurnAsync(int session, int sequence)
    {
        if (_sessions.TryFind(session) is { } found)
        {
            using var turn = await found.EnterAsync(sequence, endsCursor: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The database of that name.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">There is none.</exception>
    internal Database Find(string name) =>
        _databases.TryGetValue(name, out var database)
            ? database.Value
            : throw SqlError.Create(SqlStates.ConnectionDoesNotExist, $"there is no database '{name}': declare it with new SQLDatabase(\"{name}\", …)");

    /// <summary>Closes every connection; what is under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cursors.DisposeAsync().ConfigureAwait(false);
        await _copies.DisposeAsync().ConfigureAwait(false);
        await _sessions.DisposeAsync().ConfigureAwait(false);
        foreach (var (_, database) in _databases)
        {
            if (database.IsValueCreated)
            {
                await database.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private (Database Database, Listener Listener)? FindListener(int id)
    {
        foreach (var (_, database) in _databases)
        {
            if (database.IsValueCreated && database.Value.Listeners.Find(id) is { } listener)
            {
                return (database.Value, listener);
            }
        }

        return null;
    }
}
