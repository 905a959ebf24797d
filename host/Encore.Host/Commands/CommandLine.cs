using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Encore.Host.Compiler;

namespace Encore.Host.Commands;

/// <summary>The program's commands.</summary>
public static class CommandLine
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Create();
        if (arguments.Length == 0)
        {
            await root.Parse("--help").InvokeAsync();
            return ExitCodes.Usage;
        }

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Refuse(parsed);
            return ExitCodes.Usage;
        }

        return await Failures.GuardAsync(() => parsed.InvokeAsync(new InvocationConfiguration
        {
            // Ctrl-C and SIGTERM are the host's own: it drains before it ends, a build just ends.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        }));
    }

    /// <summary>A word that nothing takes explains all else that is wrong with a command line.</summary>
    private static void Refuse(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            Terminal.WriteError($"'{parsed.UnmatchedTokens[0]}' is not a command or option here.", help: null);
        }
        else
        {
            parsed.Errors.Select(error => error.Message).ToList().ForEach(message => Terminal.WriteError(message, help: null));
        }

        Terminal.WriteHelp($"`encore-host {Words(parsed.CommandResult)}--help` lists what there is");
    }

    /// <summary>The words that name a command below the program, each with a space behind it.</summary>
    private static string Words(CommandResult result) =>
        result.Command is RootCommand ? "" : (result.Parent is CommandResult parent ? Words(parent) : "") + result.Command.Name + " ";

    private static RootCommand Create()
    {
        var root = new RootCommand("Runs Encore.ts applications on .NET: builds them, serves them, shows what they are made of.");
        foreach (var option in root.Options.OfType<VersionOption>())
        {
            option.Action = new VersionAction();
        }

        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(BuildCommand.Create());
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(InspectCommand.Create());
        root.Subcommands.Add(GenCommand.Create());
        root.Subcommands.Add(CronCommand.Create());
        root.Subcommands.Add(DbCommand.Create());
        root.Subcommands.Add(PubSubCommand.Create());
        return root;
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(HostVersion.Number);
            return ExitCodes.Ok;
        }
    }
}
