using System.Globalization;
using Bridge.Core.PubSub;
using SQLitePCL;

namespace Bridge.Sqlite.Files;

/// <summary>One connection to a file, or to memory. Thread: one at a time.</summary>
internal sealed class SqliteFile : IDisposable
{
    private const string Memory = ":memory:";
    private const long PageSize = 4096;

    // What a process needs at most that finds the log of one that died.
    private const int RecoveryMs = 10_000;

    private readonly sqlite3 _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _version;
    private bool _isDurable;

    static SqliteFile() => Batteries_V2.Init();

    private SqliteFile(sqlite3 connection, string name, bool isShared, long maxBytes)
    {
        (_connection, Name, IsShared) = (connection, name, isShared);
        Configure(maxBytes);
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _version = Prepare("PRAGMA data_version");
    }

    /// <summary>The file as messages to people name it.</summary>
    public string Name { get; }

    /// <summary>Whether other processes may have it open as well.</summary>
    public bool IsShared { get; }

    /// <summary>A number that changes whenever another connection has changed the file.</summary>
    public long Version
    {
        get
        {
            _version.Step();
            var version = _version.Long(0);
            _version.Reset();
            return version;
        }
    }

    /// <summary>Opens a file, and makes it with its folder where it is missing.</summary>
    /// <exception cref="BrokerException">It can't be opened or written.</exception>
    public static SqliteFile Open(SqliteBrokerOptions options)
    {
        var path = options.Path;
        var name = path is null ? "the messages in memory" : $"the message file {path}";
        if (path is not null)
        {
            Make(path, name);
        }

        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path ?? Memory, out var connection, Flags, vfs: null);
        try
        {
            return code == raw.SQLITE_OK
                ? new SqliteFile(connection, name, isShared: path is not null, options.MaxBytes)
                : throw SqliteErrors.ToException(code, raw.sqlite3_errmsg(connection).utf8_to_string(), name);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes a statement that can be run often.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(_connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        Check(code);
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs statements that take no values, once.</summary>
    public void Run(string sql) => Check(raw.sqlite3_exec(_connection, sql));

    /// <summary>Begins to write.</summary>
    /// <param name="isDurable">Whether the commit has to be on the disk when it returns; else it is there with the next that has to.</param>
    /// <returns>Whether it may; false where another process is writing.</returns>
    public bool TryBegin(bool isDurable)
    {
        if (isDurable != _isDurable)
        {
            // Normal: the log isn't flushed with each commit. The file stays whole all the same, it only may end earlier after a power cut.
            Run(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _isDurable = isDurable;
        }

        // The wait for other writers is the caller's; everything else only ever meets a recovery, and waits for that here.
        Check(raw.sqlite3_busy_timeout(_connection, 0));
        var code = _begin.TryStep();
        _begin.Reset();
        Check(raw.sqlite3_busy_timeout(_connection, RecoveryMs));
        if (IsBusy(code))
        {
            return false;
        }

        Check(code);
        return true;
    }

    /// <summary>Keeps what was written since <see cref="TryBegin"/>.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Drops what was written since <see cref="TryBegin"/>. Nothing to do where an error has dropped it already.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_connection) == 0)
        {
            _rollback.Run();
        }
    }

    /// <summary>Throws what a code of SQLite means, unless it means success.</summary>
    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw SqliteErrors.ToException(code, raw.sqlite3_errmsg(_connection).utf8_to_string(), Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Closes what statements are left as well, once they are collected.
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _version.Dispose();
        _connection.Dispose();
    }

    private static void Make(string path, string name)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (!File.Exists(path))
            {
                // Messages are the application's own: nobody else's to read. An open file is never touched here, for closing it would
                // drop this process's locks on it.
                using var made = new FileStream(path, NewFile());
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!File.Exists(path))
            {
                throw new BrokerException(
                    $"{name} can't be made: {error.Message}", "Choose a folder that this user may write to.", isTransient: false, error);
            }

            // Another process was quicker.
        }
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static bool IsBusy(int code) => (code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    private void Configure(long maxBytes)
    {
        if (raw.sqlite3_db_readonly(_connection, "main") == 1)
        {
            throw SqliteErrors.ToException(raw.SQLITE_READONLY, "it is read-only", Name);
        }

        // Two processes that open a new file at once have to take turns.
        Check(raw.sqlite3_busy_timeout(_connection, RecoveryMs));

        // Of a new file only: what is deleted can be given back to the disk.
        Run("PRAGMA auto_vacuum = INCREMENTAL");
        KeepLog();
        Run("PRAGMA synchronous = NORMAL");

        // The log is cut to this after a burst. Pages: enough for the ends of all tables.
        Run("PRAGMA journal_size_limit = 16777216");
        Run("PRAGMA cache_size = -16384");
        Run("PRAGMA temp_store = MEMORY");
        if (maxBytes > 0)
        {
            Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(maxBytes / PageSize, 1)}"));
        }
    }

    private void KeepLog()
    {
        using var mode = Prepare("PRAGMA journal_mode = WAL");
        mode.Step();
        var result = mode.Text(0);
        mode.Reset();
        if (result is not ("wal" or "memory"))
        {
            throw new BrokerException(
                $"{Name} can't be shared: its file system has no shared memory", "Choose a folder on a disk of this machine.", isTransient: false);
        }
    }
}
