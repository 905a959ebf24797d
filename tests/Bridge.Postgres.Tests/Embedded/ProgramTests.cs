using System.Diagnostics;
using Bridge.Postgres.Embedded;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>Programs are found where they are, made usable, and match the data.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly ServerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Data_OfAnotherMajorVersion_AreRefusedWithInstructions()
    {
        await (await _sandbox.StartAsync(ServerSandbox.Debian)).DisposeAsync();
        var other = PostgresPackage.Find([AppContext.BaseDirectory])!.Prepare(ServerAccount.Current, _sandbox.Options().CacheFolder);

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => _sandbox.StartAsync(other));

        Assert.True(error.IsVersionMismatch);
        Assert.Contains("are PostgreSQL 15's; the server here is 18.4, which can't read them", error.Message, StringComparison.Ordinal);
        Assert.Contains("encore-host db reset", error.Help, StringComparison.Ordinal);
        var aside = EmbeddedPostgres.PutDataAside(_sandbox.FolderOf("app"));
        Assert.True(File.Exists(Path.Combine(aside!, "PG_VERSION")));
        await using var anew = await _sandbox.StartAsync(other);
        Assert.Equal(1, await ServerSandbox.ScalarAsync(anew, "select 1"));
    }

    [Fact]
    public async Task Data_OfAnotherMajorVersionThatIsInstalled_FindTheirServer()
    {
        await (await _sandbox.StartAsync(ServerSandbox.Debian)).DisposeAsync();

        await using var server = await _sandbox.StartAsync();

        Assert.StartsWith("15.", (string)(await ServerSandbox.ScalarAsync(server, "show server_version"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_WithoutLinksWhereTheServersUserCantGo_IsCopied()
    {
        var package = PostgresPackage.Find([AppContext.BaseDirectory])!;
        var hidden = Directory.CreateTempSubdirectory("pg-hidden-").FullName;
        try
        {
            CopyWithoutLinks(package.Folder, hidden);
            var cache = Path.GetDirectoryName(_sandbox.FolderOf("cache"))!;

            var programs = new PostgresPackage(hidden).Prepare(ServerAccount.Current, cache);
            await using var server = await _sandbox.StartAsync(programs);

            Assert.StartsWith(Environment.IsPrivilegedProcess ? cache : hidden, programs.Folder, StringComparison.Ordinal);
            Assert.Equal(1, await ServerSandbox.ScalarAsync(server, "select 1"));
        }
        finally
        {
            Directory.Delete(hidden, recursive: true);
        }
    }

    [Fact]
    public async Task Folder_ThatTheServersUserCantEnter_BecomesALink()
    {
        var hidden = Directory.CreateTempSubdirectory("pg-hidden-").FullName;
        string? elsewhere = null;
        try
        {
            var options = _sandbox.Options() with { Folder = Path.Combine(hidden, "one", ".encore", "postgres") };
            await using (var server = await EmbeddedPostgres.StartAsync(options, default))
            {
                elsewhere = server.Folder;
                Assert.Equal(Environment.IsPrivilegedProcess, server.Folder.StartsWith("/var/lib/encore-host/", StringComparison.Ordinal));
            }

            // Moved, it keeps its data.
            Directory.Move(Path.Combine(hidden, "one"), Path.Combine(hidden, "two"));
            await using var moved = await EmbeddedPostgres.StartAsync(options with { Folder = Path.Combine(hidden, "two", ".encore", "postgres") }, default);
            Assert.Equal(Environment.IsPrivilegedProcess, moved.Folder == elsewhere);
        }
        finally
        {
            Directory.Delete(hidden, recursive: true);
            if (elsewhere is not null && Directory.Exists(elsewhere))
            {
                Directory.Delete(elsewhere, recursive: true);
            }
        }
    }

    [Fact]
    public async Task Uri_IsOneThatPsqlTakes()
    {
        await using var server = await _sandbox.StartAsync();
        await server.EnsureDatabaseAsync("a b", default);
        using var psql = Process.Start(new ProcessStartInfo("psql", ["-XAtc", "select current_database()", server.AddressOf("a b").Uri]) { UseShellExecute = false, RedirectStandardOutput = true })!;

        Assert.Equal("a b\n", await psql.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task Programs_ThatArentThere_AreToldWithWaysOut()
    {
        var empty = _sandbox.FolderOf("empty");
        var options = _sandbox.Options() with { Programs = new PostgresPrograms(empty, "18.4") };

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(options, default));

        Assert.Contains(empty, error.Message, StringComparison.Ordinal);
    }

    private static void CopyWithoutLinks(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).LinkTarget is null))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
