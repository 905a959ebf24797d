using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary>What all of <c>encore-host db</c>'s commands take.</summary>
internal sealed class DbArguments
{
    private readonly Argument<string?> _database = new("database")
    {
        Description = "A database's name. [default: all of them, or the only one]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _application = new("--app", "-a")
    {
        Description = "A built app.js (or its folder), or an application's folder or file, which is built first if it has changed.",
        HelpName = "app.js|app.ts|folder",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string?> _infrastructure = new("--infra-config")
    {
        Description = "The infrastructure's configuration. [default: ENCORE_INFRA_CONFIG_PATH's]",
        HelpName = "infra.config.json",
    };

    /// <summary>Adds them to a command, and runs it with what they say.</summary>
    public void AddTo(Command command, Func<DbTarget, ParseResult, CancellationToken, Task<int>> run)
    {
        command.Arguments.Add(_database);
        command.Options.Add(_application);
        command.Options.Add(_infrastructure);
        command.SetAction((parsed, cancellation) => run(
            new DbTarget(parsed.GetValue(_application)!, parsed.GetValue(_database), parsed.GetValue(_infrastructure)), parsed, cancellation));
    }
}
