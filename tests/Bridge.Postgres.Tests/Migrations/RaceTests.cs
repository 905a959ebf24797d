using Bridge.Postgres.Migrations;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>Many that migrate at once migrate once.</summary>
[Collection(MigrationServerCollection.Name)]
public sealed class RaceTests(MigrationServer server)
{
    [Fact]
    public async Task Migrate_ByMany_AppliesEachOnce_AlsoIndexesConcurrently()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database
            .Write("1_a.up.sql", "create table a (id int); insert into a values (1);")
            .Write("2_b.up.sql", "select pg_sleep(0.3); insert into a values (2);")
            .Write("3_c.up.sql", "create index concurrently a_id on a (id); insert into a values (3);");

        var reports = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(database.MigrateAsync)));

        Assert.Single(reports, report => report.Applied.Count == 3);
        Assert.Equal(4, reports.Count(report => report.Applied.Count == 0));
        Assert.Equal(["1", "2", "3"], await database.TextsAsync("select id from a order by id"));
        Assert.Equal(["3"], await database.VersionsAsync());
    }

    [Fact]
    public async Task Migrate_KilledWithinATransaction_RunsAgain()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "create table a (id int); select pg_sleep(600);");
        var first = Assert.ThrowsAsync<MigrationException>(database.MigrateAsync);
        while ((await database.TextsAsync("select 1 from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active' and datname = current_database()")).Length == 0)
        {
            await Task.Delay(5);
        }

        await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(600)%' and pid <> pg_backend_pid() and datname = current_database()");
        await first;
        Assert.Equal(["1 dirty"], await database.VersionsAsync());
        database.Write("1_a.up.sql", "create table a (id int);");

        Assert.Single((await database.MigrateAsync()).Applied);
        Assert.Equal(["1"], await database.VersionsAsync());
    }

    // crc32("public\0schema_migrations\0shop") * 1486364155 as zlib and Go have it.
    [Fact]
    public void Lock_IsTheOneThatGolangMigrateTakes() => Assert.Equal(3689236698, MigrationLock.KeyOf("shop", "public"));
}
