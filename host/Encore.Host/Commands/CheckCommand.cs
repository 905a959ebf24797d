using System.CommandLine;
using Encore.Host.Compiler;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Diagnostics;
using Encore.Host.SqlCheck;

namespace Encore.Host.Commands;

/// <summary><c>encore-host check</c>: type-checks and extracts, has PostgreSQL look at statements, writes nothing.</summary>
internal static class CheckCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SourceArgument.Create();
        var noSql = new Option<bool>("--no-sql") { Description = "Leaves SQL statements out, which PostgreSQL looks at else." };
        var infrastructure = new Option<string?>("--infra-config")
        {
            Description = "Whose databases statements are checked against. [default: ENCORE_INFRA_CONFIG_PATH's, else what the migrations make]",
            HelpName = "infra.config.json",
        };
        var command = new Command("check", "Type-checks an application, its schemas and its SQL statements, and writes nothing.") { source, noSql, infrastructure };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(source)!, !parsed.GetValue(noSql), parsed.GetValue(infrastructure), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool withStatements, string? configPath, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var infrastructure = withStatements
            ? new InfrastructureFlags(configPath, TlsCertificate: null, TlsKey: null).Load(Environment.GetEnvironmentVariable, problems)
            : new InfrastructureConfig();
        if (problems.Count > 0)
        {
            problems.ForEach(problem => Terminal.WriteError(problem, help: null));
            return ExitCodes.Usage;
        }

        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("checking " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await new ApplicationCompiler(HostFiles.Locate()).CheckAsync(source);
        var statements = 0;
        if (withStatements && result.Schema is { } schema)
        {
            var check = new StatementCheck(schema, source.Root, infrastructure);
            result = result.With(await check.RunAsync(cancellation));
            statements = check.Statements;
        }

        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        if (result.HasErrors)
        {
            return ExitCodes.ApplicationErrors;
        }

        var style = TerminalStyle.ForOutput;
        var counts = Terminal.Count(result.Endpoints, "endpoint") + (statements > 0 ? ", " + Terminal.Count(statements, "SQL statement") : "");
        Terminal.WriteResult($"{style.Good("no errors")}: {counts} {style.Faint($"({Terminal.Seconds(progress.Elapsed)})")}");
        return ExitCodes.Ok;
    }
}
