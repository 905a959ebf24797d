using Bridge.Postgres.Migrations;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>A migration that fails says where, leaves the database dirty, and is mended in one of two ways.</summary>
[Collection(MigrationServerCollection.Name)]
public sealed class FailureTests(MigrationServer server)
{
    [Fact]
    public async Task Failure_NamesFileLineColumnAndCode_AndKeepsNothing()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database
            .Write("1_a.up.sql", "create table a (id int);")
            .Write("2_b.up.sql", "-- grüße 😀\ncreate table b (id int);\ninsert into b\n  select '😀', nothing from b;\n");

        var error = await database.FailAsync();

        Assert.Equal(new MigrationPlace("migrations/2_b.up.sql", 4, 16), error.Place);
        Assert.StartsWith("database shop: column \"nothing\" does not exist (SQLSTATE 42703)", error.Message, StringComparison.Ordinal);
        Assert.Equal("nothing of it was kept; mend it, then start again", error.Help);
        Assert.Equal(["2 dirty"], await database.VersionsAsync());
        Assert.Empty(await database.TextsAsync("select 1 from pg_tables where tablename = 'b'"));
        var state = await database.StateAsync();
        Assert.Equal((2L, true), (state.Dirty, state.IsRolledBack));
        Assert.Equal([1], state.Applied);
    }

    [Fact]
    public async Task Failure_Mended_RunsAtTheNextStart()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create tabel b (id int);");
        await database.FailAsync();
        await database.FailAsync();
        database.Write("2_b.up.sql", "create table b (id int);");

        var report = await database.MigrateAsync();

        Assert.Equal([2], report.Applied.Select(migration => migration.Version));
        Assert.Equal(["2"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Failure_FileTakenAway_LeavesTheDatabaseClean()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "nonsense;");
        await database.FailAsync();
        database.Remove("2_b.up.sql");

        Assert.Empty((await database.MigrateAsync()).Applied);
        Assert.Equal(["1"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Failure_WithDetail_TellsIt()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int primary key);\n\n  insert into a values (1);\ninsert into a values (1);");

        var error = await database.FailAsync();

        Assert.Equal(new MigrationPlace("migrations/1_a.up.sql", 4, 1), error.Place);
        Assert.Contains("\ndetail: Key (id)=(1) already exists.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_OfALateFile_KeepsTheVersionInMind()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("3_c.up.sql", "create table c (id int);");
        await database.MigrateAsync();
        database.Write("2_b.up.sql", "nonsense;");
        await database.FailAsync();
        Assert.Equal(["2 dirty"], await database.VersionsAsync());
        database.Write("2_b.up.sql", "create table b (id int);");

        Assert.Equal([2], (await database.MigrateAsync()).Applied.Select(migration => migration.Version));
        Assert.Equal(["3"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Failure_OutsideATransaction_RefusesUntilForced()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);\ncreate index concurrently a_id on a (id);\ncreate index concurrently a_no on a (no);");

        var error = await database.FailAsync();
        var refused = await database.FailAsync();

        Assert.Equal(new MigrationPlace("migrations/1_a.up.sql", 3, 1), error.Place);
        Assert.Contains("the first 2 of its 3 statements may have been kept", error.Help, StringComparison.Ordinal);
        Assert.Equal("Database shop is dirty: migration 1 (migrations/1_a.up.sql) began once and didn't end.", refused.Message);
        Assert.Contains("encore-host db migrate shop --force 1", refused.Help, StringComparison.Ordinal);
        Assert.Equal(["1 dirty"], await database.VersionsAsync());
        await database.Migrator().ForceAsync(1, default);
        Assert.Empty((await database.MigrateAsync()).Applied);
    }

    [Fact]
    public async Task Dirty_LeftByAnotherTool_IsRefused()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create table b (id int);");
        await database.ExecuteAsync("create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (2, true)");

        Assert.Contains("is dirty: migration 2", (await database.FailAsync()).Message, StringComparison.Ordinal);
    }
}
