using Bridge.Core.Operations;
using Bridge.Core.Schema;
using Bridge.Postgres.Checks;
using Bridge.Postgres.Embedded;
using Bridge.Postgres.Migrations;
using Encore.Host.Commands;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;
using Encore.Host.Diagnostics;
using Npgsql;

namespace Encore.Host.SqlCheck;

/// <summary>Has PostgreSQL look at an application's statements, without running them.</summary>
/// <param name="schema">The application, as its sources describe it.</param>
/// <param name="root">Its folder.</param>
/// <param name="infrastructure">Where its databases are; with none, they are made from their migrations for the check.</param>
internal sealed class StatementCheck(Application schema, string root, InfrastructureConfig infrastructure)
{
    private const string LeaveOut = "--no-sql leaves statements out";

    private readonly TemplatePlaces _places = new(schema, root);
    private readonly List<Diagnostic> _findings = [];

    /// <summary>How many statements were looked at.</summary>
    public int Statements { get; private set; }

    /// <summary>Checks all statements whose databases are known.</summary>
    /// <returns>What was found, in no particular order.</returns>
    /// <exception cref="DatabaseException">A database that the configuration names can't be reached, or it names none.</exception>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellation)
    {
        if (infrastructure.SqlServers.Count > 0)
        {
            foreach (var database in schema.SqlDatabases)
            {
                await CheckExternalAsync(ApplicationDatabases.External(database, infrastructure, root), cancellation);
            }
        }
        else if (schema.SqlDatabases.Any(database => database.Migrations.Length > 0))
        {
            await CheckMadeAsync(cancellation);
        }

        return _findings;
    }

    // Tables that no migration makes are made by what isn't known here: there is nothing to check statements against.
    private async Task CheckMadeAsync(CancellationToken cancellation)
    {
        try
        {
            await using var databases = await CheckedDatabases.StartAsync(root, cancellation);
            foreach (var database in schema.SqlDatabases.Where(database => database.Migrations.Length > 0))
            {
                var (made, problem) = await databases.MakeAsync(database, cancellation);
                if (problem is not null)
                {
                    _findings.Add(problem);
                    continue;
                }

                await CheckAsync(made, cancellation);
            }
        }
        catch (EmbeddedPostgresException error)
        {
            var help = error.Help is { } way ? $"{way}; {LeaveOut}" : LeaveOut;
            _findings.Add(new Diagnostic(DiagnosticSeverity.Warning, "sql-unchecked", $"Statements aren't checked: {error.Message}", Help: help));
        }
        catch (Exception error) when (error is NpgsqlException or OperationException)
        {
            throw Unreachable("The server that was started for the check", error);
        }
    }

    private async Task CheckExternalAsync(ResolvedDatabase database, CancellationToken cancellation)
    {
        try
        {
            await using var source = database.Address.CreateBuilder(target => target.Pooling = false).Build();
            var migrations = database.Schema.Migrations.Length > 0 ? MigrationFolder.Read(root, database.Schema.Migrations, database.Schema.MigrationSource) : [];
            var state = await new Migrator(source, database.Name, migrations, database.Schema.MigrationSource).ReadStateAsync(cancellation);
            if (state.Pending.Count > 0)
            {
                _findings.Add(new Diagnostic(
                    DiagnosticSeverity.Warning,
                    "sql-unchecked",
                    $"Database {database.Name} at {database.Place} lacks {Terminal.Count(state.Pending.Count, "migration")}: statements are checked against what it has.",
                    Help: "a check never migrates; `encore-host db migrate` does"));
            }

            await CheckAsync(database, cancellation);
        }
        catch (MigrationException error)
        {
            _findings.Add(DatabaseMigration.Explain(error));
        }
        catch (Exception error) when (error is NpgsqlException or OperationException)
        {
            throw Unreachable($"Database {database.Name} at {database.Place}", error);
        }
    }

    private async Task CheckAsync(ResolvedDatabase database, CancellationToken cancellation)
    {
        var index = schema.SqlDatabases.IndexOf(database.Schema);
        var queries = schema.SqlQueries.Where(query => query.Database == index).ToList();
        Statements += queries.Count;
        foreach (var finding in await SqlChecks.CheckAsync(DatabaseOperations.OptionsOf(database), queries, mayCreate: database.IsEmbedded, cancellation))
        {
            _findings.Add(Explain(queries[finding.Query], finding));
        }
    }

    private Diagnostic Explain(SqlQuerySchema query, SqlFinding finding) => finding.Kind switch
    {
        SqlFindingKind.Parameter => new Diagnostic(
            DiagnosticSeverity.Error, "sql-parameter", Sentence(finding.Message), _places.OfInserted(query, finding.Parameter ?? 0), Help: finding.Help),
        SqlFindingKind.Row => new Diagnostic(
            DiagnosticSeverity.Warning, "sql-row", Sentence(finding.Message), _places.Of(query), Help: finding.Help),
        _ => new Diagnostic(
            DiagnosticSeverity.Error, "sql-statement", $"{Sentence(finding.Message)} (SQLSTATE {finding.Code})", _places.OfText(query, finding.Position), Help: finding.Help),
    };

    private DatabaseException Unreachable(string what, Exception error) => new(
        Diagnostic.Error("", $"{what} can't be reached, and statements can't be checked: {error.Message}", LeaveOut), root, ExitCodes.Environment, error);

    private static string Sentence(string message) => char.ToUpperInvariant(message[0]) + message[1..];
}
