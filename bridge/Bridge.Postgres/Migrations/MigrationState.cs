using Bridge.Core.Schema;

namespace Bridge.Postgres.Migrations;

/// <summary>How far a database is, compared with an application's migrations.</summary>
public sealed record MigrationState
{
    /// <summary>Versions that the database has, in order.</summary>
    public required IReadOnlyList<long> Applied { get; init; }

    /// <summary>Migrations that it hasn't, in order.</summary>
    public required IReadOnlyList<Migration> Pending { get; init; }

    /// <summary>Those among the applied whose files have changed since.</summary>
    public required IReadOnlyList<Migration> Edited { get; init; }

    /// <summary>Versions that the database has and this application doesn't know.</summary>
    public required IReadOnlyList<long> Unknown { get; init; }

    /// <summary>Those among the applied that another tool applied.</summary>
    public required IReadOnlyList<Migration> Foreign { get; init; }

    /// <summary>The version whose migration has begun and not ended; null for none.</summary>
    public long? Dirty { get; init; }

    /// <summary>Whether the dirty version's migration left nothing behind, so that it can run again.</summary>
    public bool IsRolledBack { get; init; }

    /// <summary>Pending ones that others with larger numbers have overtaken, as happens when branches are merged.</summary>
    public IEnumerable<Migration> Late => Pending.Where(migration => Applied.Count > 0 && migration.Version < Applied[^1]);

    /// <summary>Whether <c>schema_migrations</c> has a row for each version, as Encore has it for tools that number by time, or one for the last.</summary>
    public static bool HasRowPerVersion(MigrationSource layout) => layout is MigrationSource.Prisma or MigrationSource.DrizzleV1;

    /// <summary>Compares.</summary>
    internal static MigrationState Of(IReadOnlyList<Migration> migrations, MigrationRecords found, bool rowPerVersion)
    {
        var dirty = found.Rows.FirstOrDefault(row => row.IsDirty)?.Version;
        var isRolledBack = dirty is { } version && found.Records.TryGetValue(version, out var begun) && begun is { IsFinished: false, IsAtomic: true };
        var applied = (rowPerVersion ? RowByRow(found) : UpToTheLast(migrations, found, dirty, isRolledBack)).Order().ToList();
        var files = migrations.ToDictionary(migration => migration.Version);
        var isOurs = (long number) => found.Records.TryGetValue(number, out var record) && record.IsFinished;
        var known = applied.Where(files.ContainsKey).Select(number => files[number]).ToList();
        return new MigrationState
        {
            Applied = applied,
            Pending = [.. migrations.Where(migration => !applied.Contains(migration.Version))],
            Edited = [.. known.Where(migration => isOurs(migration.Version) && found.Records[migration.Version].Checksum != migration.Checksum)],
            Unknown = [.. applied.Where(number => !files.ContainsKey(number))],
            Foreign = [.. known.Where(migration => !isOurs(migration.Version))],
            Dirty = dirty,
            IsRolledBack = isRolledBack,
        };
    }

    private static IEnumerable<long> RowByRow(MigrationRecords found) => found.Rows.Where(row => !row.IsDirty).Select(row => row.Version);

    // The one row says the last version. Where this program wrote it, its own records say which ones before were applied; where another
    // tool did, all of them, since those tools go through their files in order.
    private static IEnumerable<long> UpToTheLast(IReadOnlyList<Migration> migrations, MigrationRecords found, long? dirty, bool isRolledBack)
    {
        if (found.Rows.Count == 0)
        {
            return [];
        }

        var ours = found.Records.Values.Where(record => record.IsFinished && record.Version != dirty).Select(record => record.Version);
        if (isRolledBack)
        {
            return ours;
        }

        var last = found.Rows[^1].Version;
        if (dirty is null && found.Records.TryGetValue(last, out var record) && record.IsFinished)
        {
            return ours.Where(version => version <= last);
        }

        var before = migrations.Select(migration => migration.Version).Where(version => version < last);
        return dirty is null ? before.Append(last) : before;
    }
}
