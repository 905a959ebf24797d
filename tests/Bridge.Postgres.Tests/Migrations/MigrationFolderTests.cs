using Bridge.Core.Schema;
using Bridge.Postgres.Migrations;

namespace Bridge.Postgres.Tests.Migrations;

/// <summary>Files that would be overlooked, or take each other's place, are told.</summary>
public sealed class MigrationFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("migrations-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(MigrationSource.Plain, "a.sql", "a.sql isn't named as a migration")]
    [InlineData(MigrationSource.Plain, "99999999999999999999_a.up.sql", "99999999999999999999_a.up.sql: the number is too large")]
    [InlineData(MigrationSource.Plain, "01_a.up.sql 1_b.sql", "db/01_a.up.sql and db/1_b.sql have the same number; give each its own")]
    [InlineData(MigrationSource.Drizzle, "1_a.up.sql", "1_a.up.sql isn't named as a migration")]
    [InlineData(MigrationSource.Prisma, "init/migration.sql", "init isn't named as a migration's folder")]
    [InlineData(MigrationSource.DrizzleV1, "1_a/migration.sql 01_b/migration.sql", "db/01_b/migration.sql and db/1_a/migration.sql have the same number; give each its own")]
    public void Read_FilesThatArentClear_AreNamed(MigrationSource layout, string files, string message)
    {
        foreach (var file in files.Split(' '))
        {
            Write(file, "");
        }

        Assert.Equal(message, Assert.Throws<MigrationException>(() => MigrationFolder.Read(_root, "db", layout)).Message);
    }

    [Fact]
    public void Read_JournalNamesAMissingFile_IsTold()
    {
        Write("meta/_journal.json", """{ "entries": [{ "tag": "0000_gone" }] }""");

        var error = Assert.Throws<MigrationException>(() => MigrationFolder.Read(_root, "db", MigrationSource.Drizzle));

        Assert.Equal("meta/_journal.json names 0000_gone, but there is no 0000_gone.sql", error.Message);
    }

    [Fact]
    public void Read_MissingFolder_IsTold() =>
        Assert.Equal("The migrations' folder db doesn't exist.", Assert.Throws<MigrationException>(() => MigrationFolder.Read(_root, "db", MigrationSource.Plain)).Message);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, "db", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
