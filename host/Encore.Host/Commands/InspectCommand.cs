using System.CommandLine;
using Encore.Host.Artifacts;
using Google.Protobuf;

namespace Encore.Host.Commands;

/// <summary><c>encore-host inspect</c>: shows what a schema artifact says.</summary>
internal static class InspectCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var artifact = new Argument<string>("artifact")
        {
            Description = $"An {ArtifactFiles.Schema}, or the folder it lies in.",
            HelpName = ArtifactFiles.Schema,
        };
        var json = new Option<bool>("--json") { Description = "Print everything, as JSON." };
        var command = new Command("inspect", "Prints what a build knows of an application: endpoints, types, rules.") { artifact, json };
        command.SetAction(parsed => Run(parsed.GetValue(artifact)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string path, bool json)
    {
        var schema = ApplicationLoader.LoadSchema(Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, ArtifactFiles.Schema) : path));
        Console.Out.Write(json
            ? new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(schema) + "\n"
            : new ArtifactPrinter(schema).Print());
        return ExitCodes.Ok;
    }
}
