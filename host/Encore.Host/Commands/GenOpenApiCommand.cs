using System.CommandLine;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Diagnostics;
using Encore.Host.OpenApi;

namespace Encore.Host.Commands;

/// <summary><c>encore-host gen openapi</c>: describes an application's HTTP interface.</summary>
internal static class GenOpenApiCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SchemaSource.Argument();
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. [default: standard output]", HelpName = "file" };
        var version = new Option<string>("--api-version")
        {
            Description = "The version that the document gives the API.",
            HelpName = "version",
            DefaultValueFactory = _ => OpenApiOptions.Default.Version,
        };
        var server = new Option<string>("--server")
        {
            Description = "Where the API is served.",
            HelpName = "url",
            DefaultValueFactory = _ => OpenApiOptions.Default.Server,
        };
        var all = new Option<bool>("--all") { Description = "Describe private endpoints too." };
        var command = new Command("openapi", "Writes an OpenAPI 3.1 document of an application's exposed endpoints.") { source, output, version, server, all };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(source)!,
            parsed.GetValue(output),
            new OpenApiOptions(parsed.GetValue(version)!, parsed.GetValue(server)!, parsed.GetValue(all)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? output, OpenApiOptions options, CancellationToken cancellation)
    {
        if (await SchemaSource.LoadAsync(path) is not { } schema)
        {
            return ExitCodes.ApplicationErrors;
        }

        var document = Write(schema, options);
        foreach (var omission in document.Omissions)
        {
            Terminal.WriteWarning(omission);
        }

        if (output is null)
        {
            await Console.Out.WriteAsync(document.ToText().AsMemory(), cancellation);
            return ExitCodes.Ok;
        }

        var file = Path.GetFullPath(output);
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? "/");
        await File.WriteAllTextAsync(file, document.ToText(), cancellation);
        var style = TerminalStyle.ForOutput;
        Terminal.WriteResult(
            $"{style.Good("described")} {schema.Name}: {Terminal.Count(document.Operations, "operation")} → {style.Place(Terminal.Shorten(file))}");
        return ExitCodes.Ok;
    }

    private static OpenApiDocument Write(Application schema, OpenApiOptions options)
    {
        try
        {
            return OpenApiWriter.Write(schema, options);
        }
        catch (SchemaException error)
        {
            throw new ArtifactException(error.Message, "build the application again with `encore-host build`", error);
        }
    }
}
