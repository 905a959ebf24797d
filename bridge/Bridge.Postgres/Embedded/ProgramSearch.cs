using System.Globalization;

namespace Bridge.Postgres.Embedded;

/// <summary>Finds PostgreSQL's programs on this machine.</summary>
internal static class ProgramSearch
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>
    /// What the variable names, else the npm package, else what is on the PATH, else what Debian's packages install, the newest first. Where
    /// there are data already, programs of their major version come before all but the variable's.
    /// </summary>
    /// <param name="options">Where to look.</param>
    /// <param name="account">Who runs them.</param>
    /// <param name="dataMajor">The version of the data; null where there are none.</param>
    /// <exception cref="EmbeddedPostgresException">There are none.</exception>
    public static PostgresPrograms Find(EmbeddedPostgresOptions options, ServerAccount account, int? dataMajor)
    {
        if (options.Programs is { } given)
        {
            return given;
        }

        if (Environment.GetEnvironmentVariable(PostgresPrograms.FolderVariable) is { Length: > 0 } named)
        {
            return PostgresPrograms.In(named) ?? throw new EmbeddedPostgresException(
                $"{PostgresPrograms.FolderVariable} names {named}, where there is no postgres and initdb that run.", "correct or unset it");
        }

        // Looking stops at the first that fits: most of the time that is the package, and nothing else is started to ask for its version.
        PostgresPrograms? first = null;
        foreach (var programs in Candidates(options, account))
        {
            if (dataMajor is null || programs.Major == dataMajor)
            {
                return programs;
            }

            first ??= programs;
        }

        return first ?? throw new EmbeddedPostgresException(
            $"There is no PostgreSQL here: neither npm's {PostgresPackage.Name} {PostgresPackage.Version} nor a postgres with its initdb on the PATH.",
            $"run `npm install --save-dev --save-exact {PostgresPackage.Name}@{PostgresPackage.Version}` in the application's folder, or install your system's "
            + $"PostgreSQL server, or name the folder of its programs in {PostgresPrograms.FolderVariable}; or name a server in infra.config.json's sql_servers");
    }

    private static IEnumerable<PostgresPrograms> Candidates(EmbeddedPostgresOptions options, ServerAccount account)
    {
        if (PostgresPackage.Find(options.PackageStarts) is { } package)
        {
            yield return package.Prepare(account, options.CacheFolder);
        }

        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder).OrderByDescending(MajorOf).Select(folder => Path.Combine(folder, "bin"))
            : [];
        foreach (var folder in onPath.Concat(debian))
        {
            if (PostgresPrograms.In(folder) is { } programs)
            {
                yield return programs;
            }
        }
    }

    private static int MajorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
