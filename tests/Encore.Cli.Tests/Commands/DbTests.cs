using System.Diagnostics;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

/// <summary>`run` makes databases ready and takes their server along; `db` shows and changes them.</summary>
public sealed class DbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_Killed_LeavesNoServerBehind_AndStartsAgain()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);");
        int port;
        using (var program = CliProcess.Start(_folder, "run", "dist", "--port", "0"))
        {
            await program.AddressAsync();
            var uri = await DbAsync("uri");
            port = new Uri(uri.Output.Trim()).Port;
            Assert.Empty(uri.Error);
            Assert.Equal("shop  embedded  version 1, 1 migration applied, 0 pending\n", (await DbAsync("status")).Output);
        }

        // Disposing kills it (SIGKILL).
        await DatabaseApplication.UntilClosedAsync(port);
        using var again = CliProcess.Start(_folder, "run", "dist", "--port", "0");
        await again.AddressAsync();
        Assert.Equal(port, new Uri((await DbAsync("uri")).Output.Trim()).Port);
        again.Terminate();
        Assert.Equal(ExitCodes.Ok, (await again.EndAsync()).ExitCode);
        await DatabaseApplication.UntilClosedAsync(port);
    }

    [Fact]
    public async Task Run_MigrationFails_IsRefusedWithThePlace()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);").Write("dist/shop/2_tags.up.sql", "-- tags\nupdate pots set id = 1;\n");

        var refused = await CliProcess.RunAsync(_folder, "run", "dist", "--port", "0");

        Assert.Equal(ExitCodes.ApplicationErrors, refused.ExitCode);
        Assert.Contains("dist/shop/2_tags.up.sql:2:8 - error: database shop: relation \"pots\" does not exist (SQLSTATE 42P01)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("update pots set id = 1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("help: nothing of it was kept; mend it, then start again", refused.Error, StringComparison.Ordinal);
        var status = await DbAsync("status");
        Assert.Equal(ExitCodes.ApplicationErrors, status.ExitCode);
        Assert.Contains("dirty: migration 2 failed", status.Output, StringComparison.Ordinal);
        _folder.Write("dist/shop/2_tags.up.sql", "alter table post add column tags text[];\n");
        Assert.Equal(ExitCodes.Ok, (await DbAsync("migrate")).ExitCode);
    }

    [Fact]
    public async Task Migrate_ByFiveProcesses_AppliesOnce()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);").Write("dist/shop/2_more.up.sql", "select pg_sleep(0.2); insert into post values (1);");

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DbAsync("migrate")));

        Assert.All(results, result => Assert.Equal((ExitCodes.Ok, "database shop is up to date\n"), (result.ExitCode, result.Output)));
        Assert.Single(results, result => result.Error.Contains("2 migrations applied, to shop/2_more.up.sql", StringComparison.Ordinal));
        Assert.Equal("1\n", await ShellAsync("select count(*) from post"));
    }

    [Fact]
    public async Task Reset_OfOne_EmptiesItAndLeavesTheOther()
    {
        await _folder.BuildWithDatabasesAsync("shop", "users");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);").Write("dist/users/1_users.up.sql", "create table person (id int);");
        await DbAsync("migrate");
        await ShellAsync("insert into post values (1)", "shop");
        await ShellAsync("insert into person values (1)", "users");

        var result = await DbAsync("reset", "shop");

        Assert.Equal((ExitCodes.Ok, "database shop is as new\n"), (result.ExitCode, result.Output));
        Assert.Equal("0\n", await ShellAsync("select count(*) from post", "shop"));
        Assert.Equal("1\n", await ShellAsync("select count(*) from person", "users"));
    }

    [Fact]
    public async Task Force_Version_IsWrittenDown()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);").Write("dist/shop/2_more.up.sql", "create table more (id int);");

        Assert.Equal("database shop stands at 1; 1 pending\n", (await DbAsync("migrate", "--force", "1")).Output);
        Assert.Equal("database shop stands at none; 2 pending\n", (await DbAsync("migrate", "shop", "--force", "none")).Output);
        var unknown = await DbAsync("migrate", "--force", "3");
        Assert.Equal(ExitCodes.ApplicationErrors, unknown.ExitCode);
        Assert.Equal("error: Database shop has no migration 3.\n  help: they go from 1 to 2\n", unknown.Error);
    }

    [Fact]
    public async Task External_Server_IsMigratedByItsConfiguration()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("dist/shop/1_posts.up.sql", "create table post (id int);");
        await using var server = await Bridge.Postgres.Embedded.EmbeddedPostgres.StartAsync(
            new Bridge.Postgres.Embedded.EmbeddedPostgresOptions { Folder = _folder["server"], IsDurable = false }, default);
        await server.EnsureDatabaseAsync("shop_prod", default);
        _folder.Write(
            "infra.config.json",
            $$"""
            { "sql_servers": [{ "host": "127.0.0.1:{{server.Port}}", "databases": {
              "shop": { "name": "shop_prod", "username": "encore", "password": { "$env": "DB_PASSWORD" } } } }] }
            """);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DB_PASSWORD"] = server.AddressOf("shop_prod").Target.Password! };

        var migrated = await CliProcess.RunAsync(_folder, environment, "db", "migrate", "--app", "dist", "--infra-config", "infra.config.json");
        var status = await CliProcess.RunAsync(_folder, environment, "db", "status", "--app", "dist", "--infra-config", "infra.config.json");
        var reset = await CliProcess.RunAsync(_folder, environment, "db", "reset", "--app", "dist", "--infra-config", "infra.config.json");
        environment["DB_PASSWORD"] = "wrong";
        var wrong = await CliProcess.RunAsync(_folder, environment, "run", "dist", "--infra-config", "infra.config.json");

        Assert.Equal((ExitCodes.Ok, "database shop is up to date\n"), (migrated.ExitCode, migrated.Output));
        Assert.StartsWith($"shop  127.0.0.1:{server.Port}  version 1, ", status.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, reset.ExitCode);
        Assert.Equal(ExitCodes.Environment, wrong.ExitCode);
        Assert.Contains("password authentication failed", wrong.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["dist/.encore"]));
    }

    [Fact]
    public async Task Database_MissingFromTheConfiguration_IsNamed()
    {
        await _folder.BuildWithDatabasesAsync("shop");
        _folder.Write("infra.config.json", """{ "sql_servers": [{ "host": "127.0.0.1", "databases": { "other": { "username": "u", "password": "p" } } }] }""");

        var result = await CliProcess.RunAsync(_folder, "run", "dist", "--infra-config", "infra.config.json");

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.StartsWith("error: Database shop is on none of the infrastructure's sql_servers.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the application has no database stock", "status", "stock")]
    [InlineData("the application has several databases; name one", "uri")]
    [InlineData("--force: 'x' is neither a version nor none", "migrate", "shop", "--force", "x")]
    public async Task CommandLine_ThatNamesNothing_IsRefused(string message, params string[] arguments)
    {
        await _folder.BuildWithDatabasesAsync("shop", "users");

        var result = await DbAsync(arguments);

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.StartsWith("error: " + message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Application_WithoutDatabases_SaysHowToDeclareOne()
    {
        await _folder.BuildWithDatabasesAsync();

        Assert.StartsWith("error: the application has no databases", (await DbAsync("status")).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["dist/.encore"]));
    }

    private Task<CliResult> DbAsync(params string[] arguments) => CliProcess.RunAsync(_folder, ["db", .. arguments, "--app", "dist"]);

    /// <summary>Feeds `db shell` a statement, as a pipe does.</summary>
    private async Task<string> ShellAsync(string sql, params string[] database)
    {
        using var shell = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "encore-host"), ["db", "shell", .. database, "--app", "dist"])
        {
            WorkingDirectory = _folder.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await shell.StandardInput.WriteAsync("\\pset format unaligned\n\\pset tuples_only on\n" + sql + ";\n");
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        return string.Concat(output.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("Output format", StringComparison.Ordinal) && !line.StartsWith("Tuples only", StringComparison.Ordinal)).Select(line => line + "\n"));
    }
}
