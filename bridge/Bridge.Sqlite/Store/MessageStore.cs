using Bridge.Sqlite.Files;

namespace Bridge.Sqlite.Store;

/// <summary>
/// What is done in a message file, one verb a file. All of it happens within a transaction that <see cref="TryBegin"/> began, and counts once
/// <see cref="Commit"/> returns. Thread: the writer's.
/// </summary>
internal sealed partial class MessageStore : IDisposable
{
    private readonly SqliteFile _file;
    private readonly List<SqliteStatement> _statements = [];
    private readonly Dictionary<long, long> _touched = [];
    private readonly TimeProvider _time;
    private readonly long _owner;
    private long _version = -1;

    private MessageStore(SqliteFile file, TimeProvider time, long owner)
    {
        (_file, _time, _owner) = (file, time, owner);
        PreparePublishing();
        PrepareLeasing();
        PrepareSettling();
        PrepareDeadLetters();
        PrepareSubscriptions();
        PrepareCleaning();
    }

    /// <summary>The file as messages to people name it.</summary>
    public string Name => _file.Name;

    /// <summary>Whether other processes may use it as well.</summary>
    public bool IsShared => _file.IsShared;

    /// <summary>The time of the transaction.</summary>
    public long Now { get; private set; }

    /// <summary>The subscriptions that this process has given messages to since it was last asked, with when the first is due.</summary>
    public Dictionary<long, long> Touched => _touched;

    /// <summary>Opens a file.</summary>
    /// <exception cref="Core.PubSub.BrokerException">It can't be used.</exception>
    public static MessageStore Open(SqliteBrokerOptions options, TimeProvider time)
    {
        var file = SqliteFile.Open(options);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var patience = new BusyWait();
            while (!file.TryBegin(isDurable: true))
            {
                patience.Wait(file.Name);
            }

            StoreSchema.Ensure(file, now);
            using var register = file.Prepare("INSERT INTO process (pid, opened_at) VALUES (?, ?) RETURNING id");
            var owner = register.Set(1, Environment.ProcessId).Set(2, now).RunForLong()!.Value;
            file.Commit();
            return new MessageStore(file, time, owner);
        }
        catch
        {
            file.Rollback();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Looks whether another process has changed the file since the last look, and forgets what it may have changed.</summary>
    public bool HasChanged()
    {
        var version = _file.Version;
        if (version == _version)
        {
            return false;
        }

        _version = version;
        _topics.Clear();
        return true;
    }

    /// <inheritdoc cref="SqliteFile.TryBegin"/>
    public bool TryBegin(bool isDurable)
    {
        if (!_file.TryBegin(isDurable))
        {
            return false;
        }

        Now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _nextMessage = null;
        return true;
    }

    /// <summary>Keeps what was done.</summary>
    public void Commit()
    {
        KeepNextMessage();
        _file.Commit();
    }

    /// <summary>Drops what was done.</summary>
    public void Rollback()
    {
        _file.Rollback();
        _topics.Clear();
    }

    /// <summary>Forgets that this process uses the file. A transaction of its own; where it fails, the row stays, and does no harm.</summary>
    public void Leave() => _leave.Set(1, _owner).Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        _attributes.Dispose();
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _file.Dispose();
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = _file.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }

    private void Touch(long subscription, long dueAt)
    {
        if (!_touched.TryGetValue(subscription, out var known) || dueAt < known)
        {
            _touched[subscription] = dueAt;
        }
    }
}
