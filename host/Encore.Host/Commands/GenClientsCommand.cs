using System.CommandLine;
using Encore.Host.Compiler;
using Encore.Host.Diagnostics;

namespace Encore.Host.Commands;

/// <summary><c>encore-host gen clients</c>: writes what an application imports of itself, for editors and unit tests.</summary>
internal static class GenClientsCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SourceArgument.Create();
        var command = new Command("clients", "Writes ~encore/clients and ~encore/auth to encore.gen, as run and build do.") { source };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(source)!));
        return command;
    }

    private static async Task<int> RunAsync(string path)
    {
        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("checking " + Terminal.Shorten(source.Entry ?? source.Root));
        var (result, modules) = await new ApplicationCompiler(HostFiles.Locate()).GenerateAsync(source);
        progress.Dispose();

        // Whether or not the application has errors: what is missing here may be what they are about.
        Terminal.WriteDiagnostics(result, source.Root);
        var style = TerminalStyle.ForOutput;
        Terminal.WriteResult(modules.Count == 0
            ? "nothing to generate: the application imports neither ~encore/clients nor ~encore/auth"
            : $"{style.Good("generated")} {Terminal.Count(modules.Count, "file")} → {style.Place(Terminal.Shorten(GeneratedModules.FolderOf(source.Root)))}");
        return result.HasErrors ? ExitCodes.ApplicationErrors : ExitCodes.Ok;
    }
}
