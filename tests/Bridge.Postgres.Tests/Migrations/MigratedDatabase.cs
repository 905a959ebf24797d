using Bridge.Core.Schema;
using Bridge.Postgres.Migrations;
using Npgsql;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>A database with a folder of migrations.</summary>
internal sealed class MigratedDatabase : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("migrations-").FullName;
    private readonly MigrationSource _layout;
    private readonly string _name;

    private MigratedDatabase(NpgsqlDataSource source, string name, MigrationSource layout)
    {
        Source = source;
        _name = name;
        _layout = layout;
        Directory.CreateDirectory(Path.Combine(_root, "migrations"));
    }

    public NpgsqlDataSource Source { get; }

    public static async Task<MigratedDatabase> CreateAsync(MigrationServer server, MigrationSource layout = MigrationSource.Plain)
    {
        var name = await server.CreateDatabaseAsync();
        return new MigratedDatabase(server.Connect(name), name, layout);
    }

    public MigratedDatabase Write(string file, string text)
    {
        var path = Path.Combine(_root, "migrations", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public void Remove(string file) => File.Delete(Path.Combine(_root, "migrations", file));

    public Migrator Migrator() => new(Source, "shop", MigrationFolder.Read(_root, "migrations", _layout), _layout);

    public Task<MigrationReport> MigrateAsync() => Migrator().MigrateAsync(default);

    public Task<MigrationState> StateAsync() => Migrator().ReadStateAsync(default);

    public async Task<MigrationException> FailAsync() => await Assert.ThrowsAsync<MigrationException>(MigrateAsync);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of all rows, as texts.</summary>
    public async Task<string[]> TextsAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reader.GetValue(0)}"));
        }

        return [.. texts];
    }

    /// <summary>golang-migrate's table: "3", or "3 dirty".</summary>
    public Task<string[]> VersionsAsync() =>
        TextsAsync("select version || case when dirty then ' dirty' else '' end from schema_migrations order by version");

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
