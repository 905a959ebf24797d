using System.Diagnostics;
using System.Globalization;
using Bridge.Postgres.Embedded;
using Npgsql;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>Folders for servers of a test's own, gone when the test is.</summary>
internal sealed class ServerSandbox : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _root = Directory.CreateTempSubdirectory("pg-").FullName;

    // Root's servers run as another user, who has to get in.
    public ServerSandbox()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_root, (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    /// <summary>The programs of Debian's postgresql-15.</summary>
    public static PostgresPrograms Debian { get; } =
        PostgresPrograms.In("/usr/lib/postgresql/15/bin") ?? throw new InvalidOperationException("Debian's postgresql-15 isn't installed: .ci/debian-packages.sh postgresql");

    public EmbeddedPostgresOptions Options(string application = "app") => new()
    {
        Folder = FolderOf(application),
        CacheFolder = Path.Combine(Path.GetTempPath(), "encore-host-tests"),
        IsDurable = false,
    };

    public string FolderOf(string application) => Path.Combine(_root, application, ".encore", "postgres");

    public Task<EmbeddedPostgres> StartAsync(string application = "app") => EmbeddedPostgres.StartAsync(Options(application), default);

    public Task<EmbeddedPostgres> StartAsync(PostgresPrograms programs) => EmbeddedPostgres.StartAsync(Options() with { Programs = programs }, default);

    /// <summary>The process id of a server's postmaster; 0 while there is none.</summary>
    public static int ProcessOf(EmbeddedPostgres server)
    {
        try
        {
            return int.Parse(File.ReadLines(Path.Combine(server.Folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    public static void Kill(int process) => Process.GetProcessById(process).Kill();

    /// <summary>Runs a statement on a connection of its own and returns its first value.</summary>
    public static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql, string database = "postgres")
    {
        var target = server.AddressOf(database).Target;
        target.Pooling = false;
        await using var source = NpgsqlDataSource.Create(target);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Asks until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "it doesn't come to hold");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until no process of a server lives.</summary>
    public static Task UntilGoneAsync(EmbeddedPostgres server) => UntilAsync(() => Task.FromResult(!new ServerFolder(server.Folder).IsServerAlive()));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
