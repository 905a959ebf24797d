namespace Bridge.Postgres.Tests.Migrations;

/// <summary>Each migration is one transaction, unless it can't be.</summary>
[Collection(MigrationServerCollection.Name)]
public sealed class TransactionTests(MigrationServer server)
{
    [Theory]
    [InlineData("create table a (id int); create index concurrently a_id on a (id);", false)]
    [InlineData("create table a (id int); vacuum a;", false)]
    [InlineData("begin; create table a (id int); commit; begin; insert into a values (1); end;", false)]
    [InlineData("-- for the index to come\n-- no-transaction\ncreate table a (id int);", false)]
    [InlineData("begin;\ncreate table a (id int);\ncommit;", true)]
    [InlineData("create table a (id int); savepoint s; insert into a values (1); rollback to savepoint s; release s;", true)]
    [InlineData("create function f() returns int language sql begin atomic; select 1; end; create table a (id int);", true)]
    [InlineData("create function f() returns void language plpgsql as $$ begin perform 1; end $$; create table a (id int);", true)]
    [InlineData("create table a (id int); create rule r as on insert to a do also (select 1; select 2);", true)]
    [InlineData("create table a (id int); comment on table a is 'it''s; :fine @here $1'; insert into a values (length(e'\\';'));", true)]
    [InlineData("", true)]
    [InlineData("-- nothing yet", true)]
    public async Task Migrate_AnyStatements_AreKeptAndSayHow(string text, bool isAtomic)
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", text);

        await database.MigrateAsync();

        Assert.Equal(["1"], await database.VersionsAsync());
        Assert.Equal([isAtomic.ToString()], await database.TextsAsync("select atomic from encore_migrations"));
        Assert.Equal(text.Contains("create table", StringComparison.Ordinal) ? ["a"] : [], await database.TextsAsync("select tablename from pg_tables where tablename = 'a'"));
    }

    [Fact]
    public async Task Migrate_ValueOfAnEnumAddedAndUsed_IsKept()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database
            .Write("1_a.up.sql", "create type mood as enum ('sad'); create table a (m mood);")
            .Write("2_b.up.sql", "alter type mood add value 'happy'; insert into a values ('happy');");

        await database.MigrateAsync();

        Assert.Equal(["happy"], await database.TextsAsync("select m::text from a"));
        Assert.Equal(["True", "False"], await database.TextsAsync("select atomic from encore_migrations order by version"));
    }

    [Fact]
    public async Task Migrate_TransactionLeftOpen_IsKept()
    {
        await using var database = await MigratedDatabase.CreateAsync(server);
        database.Write("1_a.up.sql", "begin; create table a (id int);").Write("2_b.up.sql", "insert into a values (1);");

        await database.MigrateAsync();

        Assert.Equal(["1"], await database.TextsAsync("select id from a"));
    }
}
