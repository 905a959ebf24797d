using Bridge.Core.Schema;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>What is applied, in which order, and what the tables say of it.</summary>
[Collection(MigrationServerCollection.Name)]
public sealed class MigratorTests(MigrationServer server)
{
    [Fact]
    public async Task Migrate_PlainFiles_AppliesThemOnceInOrderOfNumbers()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database
            .Write("10_tags.up.sql", "alter table post add column tags text[];")
            .Write("2_posts.up.sql", "create table post (id int);\ninsert into post values (1);")
            .Write("2_posts.down.sql", "drop table post;")
            .Write("1_users.sql", "create table person (id int);")
            .Write("README.md", "about them");

        var report = await database.MigrateAsync();
        var again = await database.MigrateAsync();

        Assert.Equal([1, 2, 10], report.Applied.Select(migration => migration.Version));
        Assert.Equal("migrations/2_posts.up.sql", report.Applied[1].File);
        Assert.Empty(again.Applied);
        Assert.Empty(again.Warnings);
        Assert.Equal(["10"], await database.VersionsAsync());
        Assert.Equal(["1"], await database.TextsAsync("select id from post"));
        Assert.Equal(["users", "posts", "tags"], await database.TextsAsync("select name from encore_migrations where finished_at is not null order by version"));
    }

    [Fact]
    public async Task Migrate_Drizzle_SplitsAtBreakpointsToo()
    {
        await using var database = await MigratedDatabase.CreateAsync(server, MigrationSource.Drizzle);
        database
            .Write("0000_init.sql", "create table a (id int)--> statement-breakpoint\ncreate table b (id int);--> statement-breakpoint\ncreate table c (id int)")
            .Write("0001_more.sql", "insert into a values (1)")
            .Write("meta/_journal.json", """{ "entries": [{ "idx": 0, "tag": "0000_init" }, { "idx": 1, "tag": "0001_more" }] }""");

        await database.MigrateAsync();

        Assert.Equal(["1"], await database.VersionsAsync());
        Assert.Equal(["a", "b", "c"], await database.TextsAsync("select tablename from pg_tables where length(tablename) = 1 order by 1"));
    }

    [Theory]
    [InlineData(MigrationSource.DrizzleV1)]
    [InlineData(MigrationSource.Prisma)]
    public async Task Migrate_Folders_HaveARowEach(MigrationSource layout)
    {
        await using var database = await MigratedDatabase.CreateAsync(server, layout);
        database
            .Write("20240101120000_init/migration.sql", "create table a (id int);")
            .Write("20240301120000_more.and more/migration.sql", "create table c (id int);")
            .Write("migration_lock.toml", "provider = \"postgresql\"")
            .Write("meta/snapshot.json", "{}");
        await database.MigrateAsync();
        database.Write("20240201120000_branch/migration.sql", "create table b (id int);");

        var report = await database.MigrateAsync();

        Assert.Equal(["20240101120000", "20240201120000", "20240301120000"], await database.VersionsAsync());
        Assert.Contains("20240201120000_branch/migration.sql came to database shop after 20240301120000", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_LateFile_IsAppliedWithAWarning()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("3_c.up.sql", "create table c (id int);");
        await database.MigrateAsync();
        database.Write("2_b.up.sql", "create table b (id int);");

        var report = await database.MigrateAsync();

        Assert.Equal([2], report.Applied.Select(migration => migration.Version));
        Assert.Contains("2_b.up.sql", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(["3"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Migrate_EditedFile_WarnsAndNamesIt()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);\n");
        await database.MigrateAsync();

        database.Write("1_a.up.sql", "create table a (id int);\r\n");
        Assert.Empty((await database.MigrateAsync()).Warnings);
        database.Write("1_a.up.sql", "create table a (id bigint);\n");
        Assert.StartsWith("migrations/1_a.up.sql has been edited", Assert.Single((await database.MigrateAsync()).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_DatabaseOfANewerBuild_IsLeftAloneWithAWarning()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create table b (id int);");
        await database.MigrateAsync();
        database.Remove("2_b.up.sql");

        var report = await database.MigrateAsync();

        Assert.Empty(report.Applied);
        Assert.Contains("migrations that this build doesn't know: 2 (the newest here is migrations/1_a.up.sql)", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(["2"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Migrate_AfterAnotherTool_TakesOverWhereItStopped()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create table b (id int);").Write("3_c.up.sql", "create table c (id int);");
        await database.ExecuteAsync(
            "create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (2, false); create table a (id int); create table b (id int)");

        var report = await database.MigrateAsync();

        Assert.Equal([3], report.Applied.Select(migration => migration.Version));
        Assert.Equal(["3"], await database.VersionsAsync());
        Assert.Equal(["1", "2", "3"], await database.TextsAsync("select version from encore_migrations order by 1"));
    }

    [Fact]
    public async Task Migrate_AfterAnotherToolWentBack_AppliesAgain()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create table b (id int);");
        await database.MigrateAsync();
        await database.ExecuteAsync("drop table b; truncate schema_migrations; insert into schema_migrations values (1, false)");

        Assert.Equal([2], (await database.MigrateAsync()).Applied.Select(migration => migration.Version));
    }

    [Fact]
    public async Task Migrate_SettingsOfAFile_DontReachTheNext()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database
            .Write("1_a.up.sql", "create schema other; set search_path = other; create role \"migrated-by\"; set role \"migrated-by\";")
            .Write("2_b.up.sql", "create table b (id int);");

        await database.MigrateAsync();

        Assert.Equal(["public"], await database.TextsAsync("select schemaname from pg_tables where tablename = 'b'"));
        await database.ExecuteAsync("drop role \"migrated-by\"");
    }

    [Fact]
    public async Task Force_Version_SaysWhereTheDatabaseStands()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int);").Write("2_b.up.sql", "create table b (id int);");

        await database.Migrator().ForceAsync(1, default);
        var afterOne = await database.MigrateAsync();
        await database.Migrator().ForceAsync(version: null, default);

        Assert.Equal([2], afterOne.Applied.Select(migration => migration.Version));
        Assert.Empty(await database.VersionsAsync());
        Assert.Equal(2, (await database.StateAsync()).Pending.Count);
        var error = await Assert.ThrowsAsync<Bridge.Postgres.Migrations.MigrationException>(() => database.Migrator().ForceAsync(7, default));
        Assert.Equal(("Database shop has no migration 7.", "they go from 1 to 2"), (error.Message, error.Help));
    }
}
