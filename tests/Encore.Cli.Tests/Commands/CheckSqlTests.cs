using Bridge.Postgres.Embedded;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;

namespace Encore.Cli.Tests.Commands;

/// <summary>`check` has PostgreSQL look at the statements of the sources.</summary>
public sealed class CheckSqlTests : IDisposable
{
    private const string Tables = "CREATE TABLE post (id serial PRIMARY KEY, title text NOT NULL, price numeric, at timestamptz);\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Statements_ThatAreRight_AreCounted_AndNothingIsLeft()
    {
        WriteShop(
            "await db.queryRow<{ id: number; title: string }>`SELECT id, title FROM post WHERE id = ${id}`;",
            "await db.exec`INSERT INTO post (title) VALUES (${String(id)})`;");
        var before = Directory.GetDirectories(Path.GetTempPath(), "encore-check-*");

        var result = await CliProcess.RunAsync(_folder, "check");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("no errors: 1 endpoint, 2 SQL statements (", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder[".encore"]));
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "encore-check-*").Except(before));
    }

    [Fact]
    public async Task Statements_ThatPostgresRefuses_AreShownWhereTheyAreWrong()
    {
        WriteShop(
            "await db.queryAll`SELECT id, titel FROM post`;",
            "await db.exec`",
            "  UPDATE post SET title = ${'x'},",
            "    price = ${1}",
            "  WHERE identity = ${id}`;",
            "await db.exec`SELEC ${id}`;",
            "await db.exec`INSERT INTO post (title) VALUES (${'a'}, ${'b'})`;",
            "await db.queryRow`SELECT 'it\\'\\'s \\u{1F600}\\n', \\",
            "  ${'x'}::text || ${'y'} FROM posts`;",
            "await db.queryRow`SELECT id FROM post WHERE id = $2 AND id = ${id}`;");

        var result = await CliProcess.RunAsync(_folder, "check");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Equal(
            [
                "shop.ts:6:30 - error sql-statement: Column \"titel\" does not exist (SQLSTATE 42703)",
                "shop.ts:10:9 - error sql-statement: Column \"identity\" does not exist (SQLSTATE 42703)",
                "shop.ts:11:15 - error sql-statement: Syntax error at or near \"SELEC\" (SQLSTATE 42601)",
                "shop.ts:12:58 - error sql-statement: INSERT has more expressions than target columns (SQLSTATE 42601)",
                "shop.ts:14:31 - error sql-statement: Relation \"posts\" does not exist (SQLSTATE 42P01)",
                "shop.ts:15:50 - error sql-statement: There is no parameter $2 (SQLSTATE 42P02)",
            ],
            Headings(result));
        Assert.Contains("help: Perhaps you meant to reference the column \"post.title\".", result.Error, StringComparison.Ordinal);
        Assert.Contains(" 10 |   WHERE identity = ${id}`;", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_ThatCannotBe_AreErrors_AndRowsThatAreOthers_AreWarnings()
    {
        WriteShop(
            "await db.exec`UPDATE post SET at = ${Date.now()} WHERE id = ${id > 1}`;",
            "const rows: { title: string; price: number | null; createdAt: Date }[] = await db.queryAll`SELECT title, price, at FROM post`;",
            "void rows;");

        var result = await CliProcess.RunAsync(_folder, "check");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Equal(
            [
                "shop.ts:6:38 - error sql-parameter: A number can't be the timestamptz that the statement wants here",
                "shop.ts:6:63 - error sql-parameter: A boolean can't be the int4 that the statement wants here",
                "shop.ts:7:80 - warning sql-row: The column price is declared as a number, but is of type numeric, which arrives as a Decimal",
                "shop.ts:7:80 - warning sql-row: Rows are declared with createdAt, which the statement doesn't give",
            ],
            Headings(result));
        Assert.Contains("Found 2 errors and 2 warnings in 1 file.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_ThatFail_AreShown_AndTheirStatementsLeftOut()
    {
        WriteShop("await db.exec`DELETE FROM nothing WHERE id = ${id}`;");
        _folder.Write("migrations/2_more.up.sql", "\nALTER TABLE pots ADD COLUMN text text;\n");

        var result = await CliProcess.RunAsync(_folder, "check");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Equal(["migrations/2_more.up.sql:2:1 - error: database shop: relation \"pots\" does not exist (SQLSTATE 42P01)"], Headings(result));
    }

    [Fact]
    public async Task NoSql_LeavesStatementsOut()
    {
        WriteShop("await db.exec`SELEC ${id}`;");

        var result = await CliProcess.RunAsync(_folder, "check", "--no-sql");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("no errors: 1 endpoint (", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutPostgres_TheCheckSaysThatStatementsAreLeftOut()
    {
        WriteShop("await db.exec`SELEC ${id}`;");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [PostgresPrograms.FolderVariable] = _folder["nowhere"] };

        var result = await CliProcess.RunAsync(_folder, environment, "check");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.StartsWith("warning sql-unchecked: Statements aren't checked: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("--no-sql leaves statements out", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("no errors: 1 endpoint (", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task External_Database_IsCheckedAgainstAsItIs_AndNeverMigrated()
    {
        WriteShop("await db.exec`UPDATE post SET title = ${'x'}, price = ${id}`;");
        _folder.LetEverybodyIn();
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = _folder["server"], IsDurable = false }, default);
        await server.EnsureDatabaseAsync("shop_prod", default);
        await using var connection = new Npgsql.NpgsqlConnection(server.AddressOf("shop_prod").Target.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new Npgsql.NpgsqlCommand("CREATE TABLE post (title text)", connection);
        await create.ExecuteNonQueryAsync();
        _folder.Write(
            "infra.config.json",
            $$"""
            { "sql_servers": [{ "host": "127.0.0.1:{{server.Port}}", "databases": {
              "shop": { "name": "shop_prod", "username": "encore", "password": "{{server.AddressOf("shop_prod").Target.Password}}" } } }] }
            """);

        var result = await CliProcess.RunAsync(_folder, "check", "--infra-config", "infra.config.json");
        await using var tables = new Npgsql.NpgsqlCommand("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'", connection);

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Equal(
            [
                "shop.ts:6:47 - error sql-statement: Column \"price\" of relation \"post\" does not exist (SQLSTATE 42703)",
                $"warning sql-unchecked: Database shop at 127.0.0.1:{server.Port} lacks 1 migration: statements are checked against what it has.",
            ],
            Headings(result));
        Assert.Equal("post", await tables.ExecuteScalarAsync());
    }

    [Fact]
    public async Task External_Database_ThatIsNotThere_EndsTheCheck()
    {
        WriteShop("await db.exec`SELECT ${id}`;");
        _folder.Write("infra.config.json", """{ "sql_servers": [{ "host": "127.0.0.1:1", "databases": { "shop": { "username": "u", "password": "p" } } }] }""");

        var result = await CliProcess.RunAsync(_folder, "check", "--infra-config", "infra.config.json");

        Assert.Equal(ExitCodes.Environment, result.ExitCode);
        Assert.StartsWith("error: Database shop at 127.0.0.1:1 can't be reached, and statements can't be checked: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("help: --no-sql leaves statements out", result.Error, StringComparison.Ordinal);
    }

    // The statements begin in line 6.
    private void WriteShop(params string[] statements) => _folder
        .Write("package.json", """{ "name": "shop", "type": "module" }""")
        .Write("migrations/1_post.up.sql", Tables)
        .Write(
            "shop.ts",
            $$"""
            import { api } from "encore.dev/api";
            import { SQLDatabase } from "encore.dev/storage/sqldb";

            const db = new SQLDatabase("shop", { migrations: "./migrations" });
            export const sell = api({ method: "POST", path: "/sell/:id", expose: true }, async ({ id }: { id: number }): Promise<void> => {
            {{string.Join('\n', statements)}}
            });

            """);

    /// <summary>The lines that findings begin with.</summary>
    private static IEnumerable<string> Headings(CliResult result) =>
        result.Error.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal) || line.Contains("warning", StringComparison.Ordinal)).Where(line => !line.StartsWith("Found ", StringComparison.Ordinal));
}
