using System.Diagnostics;
using Bridge.Postgres.Connections;
using Npgsql;

namespace Bridge.Postgres.Embedded;

/// <summary>
/// A PostgreSQL server of an application's own, running for as long as a process uses it. All processes with the same folder share one
/// server; it ends with the last of them, also when that one is killed.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The superuser that the application works as.</summary>
    public const string User = "encore";

    private const string Loopback = "127.0.0.1";

    // A server that ends writes its buffers first, which on a slow disk takes a while.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ServerFolder _folder;
    private readonly FileLock _use;
    private readonly string _password;

    private EmbeddedPostgres(ServerFolder folder, FileLock use, string password, int port)
    {
        _folder = folder;
        _use = use;
        _password = password;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server's folder, links resolved.</summary>
    public string Folder => _folder.Root;

    /// <summary>Starts the server, or joins the one that runs already.</summary>
    /// <exception cref="EmbeddedPostgresException">There is no PostgreSQL, or it can't start here.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = ServerFolder.Open(options.Folder, ServerAccount.Current);
        var use = await TakeAsync(folder.UsersLock, alone: false, cancellation);
        try
        {
            using var starting = await TakeAsync(folder.StartLock, alone: true, cancellation);
            var password = folder.ReadPassword();
            var start = new ServerStart(folder, options, password);
            var port = await start.RunAsync(cancellation);
            return new EmbeddedPostgres(folder, use, password, port) { HasJoined = start.HasJoined };
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Puts the data of a server that doesn't run aside, so that the next start makes new ones.</summary>
    /// <param name="path">The server's folder.</param>
    /// <returns>Where they are now; null if there were none.</returns>
    /// <exception cref="EmbeddedPostgresException">The server runs.</exception>
    public static string? PutDataAside(string path)
    {
        var folder = ServerFolder.Open(path, ServerAccount.Current);
        using var use = FileLock.TryTake(folder.UsersLock, alone: true)
            ?? throw new EmbeddedPostgresException($"The server in {folder.Root} is in use.", "end what uses it first");
        return DataFolder.PutAside(folder);
    }

    /// <summary>Whether the server ran already when this process came to it.</summary>
    public bool HasJoined { get; private init; }

    /// <summary>Where one of the server's databases is: for this process the Unix socket where there is one, for other programs TCP.</summary>
    public DatabaseAddress AddressOf(string database) => new(
        new NpgsqlConnectionStringBuilder { Host = _folder.Sockets ?? Loopback, Port = Port, Username = User, Password = _password, Database = database },
        PostgresUri.Of(Loopback, Port, database, User, _password, "disable"));

    /// <summary>Makes a database if it doesn't exist.</summary>
    public async Task EnsureDatabaseAsync(string database, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(cancellation) is not null)
        {
            return;
        }

        try
        {
            await using var create = new NpgsqlCommand($"create database {Quote(database)}", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was faster.
        }
    }

    /// <summary>Removes a database with all that is in it; whoever uses it is cut off.</summary>
    public async Task DropDatabaseAsync(string database, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var drop = new NpgsqlCommand($"drop database if exists {Quote(database)} with (force)", connection);
        await drop.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Stops using the server. If nobody else does, it ends, and this returns when it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _use.Dispose();
        var start = Stopwatch.GetTimestamp();
        while (_folder.IsServerAlive() && !IsUsedByOthers() && Stopwatch.GetElapsedTime(start) < EndPatience)
        {
            await Task.Delay(Pause);
        }
    }

    // While the supervisor hasn't woken up yet, the lock is free; once it has, not even a share is to be had.
    private bool IsUsedByOthers()
    {
        using var share = FileLock.TryTake(_folder.UsersLock, alone: false);
        if (share is null)
        {
            return false;
        }

        share.Dispose();
        using var whole = FileLock.TryTake(_folder.UsersLock, alone: true);
        return whole is null && FileLock.TryTake(_folder.UsersLock, alone: false) is { } again && Free(again);
    }

    private static bool Free(FileLock taken)
    {
        taken.Dispose();
        return true;
    }

    private static async Task<FileLock> TakeAsync(string path, bool alone, CancellationToken cancellation) =>
        await FileLock.TakeAsync(path, alone, EndPatience, cancellation)
        ?? throw new EmbeddedPostgresException(
            $"Another process has been starting or stopping the server in {Path.GetDirectoryName(path)} for {EndPatience.TotalSeconds:0} s.",
            "look at its server.log; end the process that hangs");

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var target = AddressOf("postgres").Target;
        target.Pooling = false;
        var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
