using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bridge.Core.Schema;

namespace Bridge.Postgres.Migrations;

/// <summary>Reads migrations as the tools that wrote them lay them out.</summary>
public static partial class MigrationFolder
{
    private const string NestedFile = "migration.sql";
    private const string Journal = "meta/_journal.json";

    /// <summary>Reads a folder.</summary>
    /// <param name="root">The application's root.</param>
    /// <param name="folder">The migrations' folder, relative to it.</param>
    /// <param name="layout">How they lie in it.</param>
    /// <returns>The migrations, in the order in which they run.</returns>
    /// <exception cref="MigrationException">The folder is missing, or files in it aren't named as they have to be.</exception>
    public static IReadOnlyList<Migration> Read(string root, string folder, MigrationSource layout)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
        {
            throw new MigrationException($"The migrations' folder {folder} doesn't exist.", "make it, or correct the database's declaration");
        }

        var problems = new List<string>();
        var files = layout switch
        {
            MigrationSource.Drizzle => Flat(path, DrizzleName(), problems).Concat(Missing(path, folder, problems)),
            MigrationSource.DrizzleV1 or MigrationSource.Prisma => Nested(path, problems),
            _ => Flat(path, PlainName(), problems),
        };
        var migrations = files
            .OrderBy(file => file.Version)
            .Select(file => new Migration(file.Version, file.Name, $"{folder.TrimEnd('/')}/{file.File}", File.ReadAllText(Path.Combine(path, file.File))))
            .ToList();
        foreach (var same in migrations.GroupBy(migration => migration.Version).Where(group => group.Count() > 1))
        {
            problems.Add($"{string.Join(" and ", same.Select(migration => migration.File))} have the same number; give each its own");
        }

        return problems.Count == 0 ? migrations : throw new MigrationException(string.Join('\n', problems), HelpFor(layout));
    }

    // Files of other kinds may lie there; one of SQL that is left out because of its name would be missed only much later.
    private static List<MigrationFile> Flat(string path, Regex pattern, List<string> problems)
    {
        var files = new List<MigrationFile>();
        foreach (var name in Directory.EnumerateFiles(path, "*.sql").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal))
        {
            if (pattern.Match(name) is not { Success: true } match)
            {
                problems.Add($"{name} isn't named as a migration");
            }
            else if (match.Groups["direction"].Value != "down" && Number(match.Groups["number"].Value, name, problems) is { } version)
            {
                files.Add(new MigrationFile(version, match.Groups["name"].Value, name));
            }
        }

        return files;
    }

    private static List<MigrationFile> Nested(string path, List<string> problems)
    {
        var files = new List<MigrationFile>();
        foreach (var folder in Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(path, folder, NestedFile)))
            {
                continue;
            }

            if (FolderName().Match(folder) is not { Success: true } match)
            {
                problems.Add($"{folder} isn't named as a migration's folder");
            }
            else if (Number(match.Groups["number"].Value, folder, problems) is { } version)
            {
                files.Add(new MigrationFile(version, match.Groups["name"].Value, $"{folder}/{NestedFile}"));
            }
        }

        return files;
    }

    // Drizzle's journal names all migrations: one that was lost on the way, or forgotten, is known from it.
    private static IEnumerable<MigrationFile> Missing(string path, string folder, List<string> problems)
    {
        var file = Path.Combine(path, Journal);
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            using var journal = JsonDocument.Parse(File.ReadAllBytes(file));
            problems.AddRange(journal.RootElement.GetProperty("entries").EnumerateArray()
                .Select(entry => entry.GetProperty("tag").GetString())
                .Where(tag => !File.Exists(Path.Combine(path, tag + ".sql")))
                .Select(tag => $"{Journal} names {tag}, but there is no {tag}.sql"));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            problems.Add($"{folder}/{Journal} can't be read: {error.Message}");
        }

        return [];
    }

    private static long? Number(string digits, string name, List<string> problems)
    {
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        problems.Add($"{name}: the number is too large");
        return null;
    }

    private static string HelpFor(MigrationSource layout) => layout switch
    {
        MigrationSource.Drizzle => "Drizzle's migrations are named <number>_<name>.sql",
        MigrationSource.DrizzleV1 or MigrationSource.Prisma => $"migrations are named <number>_<name>/{NestedFile}",
        _ => "migrations are named <number>_<name>.up.sql, or <number>_<name>.sql",
    };

    [GeneratedRegex(@"^(?<number>\d+)_(?<name>[^.]+)(\.(?<direction>up|down))?\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainName();

    [GeneratedRegex(@"^(?<number>\d+)_(?<name>[^.]+)\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DrizzleName();

    [GeneratedRegex(@"^(?<number>\d+)_(?<name>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FolderName();

    private sealed record MigrationFile(long Version, string Name, string File);
}
