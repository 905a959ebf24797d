using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;

namespace Encore.Host.Commands;

/// <summary>Which databases of which application a command is for.</summary>
/// <param name="Application">The path that names the application.</param>
/// <param name="Database">A database's name; null for all.</param>
/// <param name="ConfigPath">The infrastructure's configuration; null for ENCORE_INFRA_CONFIG_PATH's.</param>
internal sealed record DbTarget(string Application, string? Database, string? ConfigPath)
{
    /// <summary>What databases say to a person before a screen.</summary>
    public static DatabaseNotices Notices { get; } =
        new(line => Console.Error.WriteLine(line), Terminal.WriteWarning, () => Progress.Show("making the database server's data"));

    /// <summary>Opens the databases and works with those that are meant.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="DatabaseException">A database isn't configured, or can't be reached.</exception>
    public async Task<int> RunAsync(Func<DbSession, Task<int>> work, CancellationToken cancellation)
    {
        var (application, infrastructure, code) = await LoadAsync(cancellation);
        if (application is null)
        {
            return code;
        }

        await using var databases = await ApplicationDatabases.OpenAsync(application, infrastructure, Notices, cancellation);
        var meant = databases.All.Where(database => Database is null || database.Name == Database).ToList();
        return await work(new DbSession(application, databases, meant));
    }

    /// <summary>Works with the one database that is meant.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="DatabaseException">A database isn't configured, or can't be reached.</exception>
    public Task<int> RunForOneAsync(Func<DbSession, ResolvedDatabase, Task<int>> work, CancellationToken cancellation) => RunAsync(
        session =>
        {
            if (session.Meant is [var database])
            {
                return work(session, database);
            }

            Terminal.WriteError("the application has several databases; name one", string.Join(", ", session.Meant.Select(one => one.Name)));
            return Task.FromResult(ExitCodes.Usage);
        },
        cancellation);

    /// <summary>As <see cref="LoadApplicationAsync"/>; an application without the databases that are meant is wrong too.</summary>
    public async Task<(LoadedApplication? Application, InfrastructureConfig Infrastructure, int ExitCode)> LoadAsync(CancellationToken cancellation)
    {
        var (application, infrastructure, code) = await LoadApplicationAsync(cancellation);
        if (application is null)
        {
            return (null, infrastructure, code);
        }

        var names = application.Schema.SqlDatabases.Select(database => database.Name).ToList();
        if (names.Count == 0 || (Database is not null && !names.Contains(Database, StringComparer.Ordinal)))
        {
            Terminal.WriteError(
                Database is null ? "the application has no databases" : $"the application has no database {Database}",
                names.Count == 0 ? "declare one: new SQLDatabase(\"name\", { migrations: \"./migrations\" })" : "it has " + string.Join(", ", names));
            return (null, infrastructure, ExitCodes.Usage);
        }

        return (application, infrastructure, ExitCodes.Ok);
    }

    /// <summary>The application and its surroundings; without the application where something is wrong, which has been told.</summary>
    public async Task<(LoadedApplication? Application, InfrastructureConfig Infrastructure, int ExitCode)> LoadApplicationAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        var infrastructure = new InfrastructureFlags(ConfigPath, TlsCertificate: null, TlsKey: null).Load(Environment.GetEnvironmentVariable, problems);
        if (problems.Count > 0)
        {
            problems.ForEach(problem => Terminal.WriteError(problem, help: null));
            return (null, infrastructure, ExitCodes.Usage);
        }

        return await RunCommand.LoadAsync(Application, cancellation) is { } application
            ? (application, infrastructure, ExitCodes.Ok)
            : (null, infrastructure, ExitCodes.ApplicationErrors);
    }
}

/// <summary>Databases that a command works with.</summary>
/// <param name="Application">Whose they are.</param>
/// <param name="Databases">All of the application's.</param>
/// <param name="Meant">Those that the command is for; at least one.</param>
internal sealed record DbSession(LoadedApplication Application, ApplicationDatabases Databases, IReadOnlyList<ResolvedDatabase> Meant)
{
    /// <summary>A database's migrations.</summary>
    public DatabaseMigration MigrationOf(ResolvedDatabase database) => new(Application, database, DbTarget.Notices);
}
