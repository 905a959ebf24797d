using System.CommandLine;
using Encore.Host.Compiler;
using Encore.Host.Databases;
using Encore.Host.Diagnostics;
using Encore.Host.Static;

namespace Encore.Host.Commands;

/// <summary><c>encore-host build</c>: writes an application's bundle, source map and schema.</summary>
internal static class BuildCommand
{
    private const string DefaultOutput = "dist";

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SourceArgument.Create();
        var output = new Option<string?>("--output", "-o")
        {
            Description = $"The folder to write app.js, app.js.map and app.schema.pb to. [default: {DefaultOutput} in the application's folder]",
            HelpName = "folder",
        };
        var command = new Command("build", "Type-checks an application and writes what `encore-host run` starts.") { source, output };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(source)!, parsed.GetValue(output), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? output, CancellationToken cancellation)
    {
        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("building " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await new ApplicationCompiler(HostFiles.Locate()).BuildAsync(source, cancellation);
        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        if (result.Output is null)
        {
            return ExitCodes.ApplicationErrors;
        }

        var folder = Path.GetFullPath(output ?? Path.Combine(source.Root, DefaultOutput));
        result.Output.WriteTo(folder);
        StaticCopy.Write(result.Output.Schema, source.Root, folder);
        MigrationPlaces.Copy(result.Output.Schema, source.Root, folder);
        var style = TerminalStyle.ForOutput;
        Terminal.WriteResult(
            $"{style.Good("built")} {result.Output.Schema.Name}: {Terminal.Count(result.Endpoints, "endpoint")} → "
            + $"{style.Place(Terminal.Shorten(folder))} {style.Faint($"({Terminal.Seconds(progress.Elapsed)})")}");
        return ExitCodes.Ok;
    }
}
