using System.CommandLine;
using Encore.Host.Compiler;
using Encore.Host.Diagnostics;

namespace Encore.Host.Commands;

/// <summary><c>encore-host check</c>: type-checks and extracts, writes nothing.</summary>
internal static class CheckCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SourceArgument.Create();
        var command = new Command("check", "Type-checks an application and its schemas, and writes nothing.") { source };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(source)!));
        return command;
    }

    private static async Task<int> RunAsync(string path)
    {
        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("checking " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await new ApplicationCompiler(HostFiles.Locate()).CheckAsync(source);
        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        if (result.HasErrors)
        {
            return ExitCodes.ApplicationErrors;
        }

        var style = TerminalStyle.ForOutput;
        Terminal.WriteResult(
            $"{style.Good("no errors")}: {Terminal.Count(result.Endpoints, "endpoint")} {style.Faint($"({Terminal.Seconds(progress.Elapsed)})")}");
        return ExitCodes.Ok;
    }
}
