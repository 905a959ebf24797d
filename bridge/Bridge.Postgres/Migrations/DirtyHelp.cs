using System.Globalization;

namespace Bridge.Postgres.Migrations;

/// <summary>The way out of a migration that ended halfway.</summary>
internal static class DirtyHelp
{
    /// <summary>The advice for a database's version.</summary>
    public static string For(string database, long version) => string.Create(
        CultureInfo.InvariantCulture,
        $"bring the database in order by hand, then say where it stands: `encore-host db migrate {database} --force {version}` once all of that migration is done, "
        + $"`--force <the version before>` (or `--force none`) once nothing of it is left, so that it runs again");
}
