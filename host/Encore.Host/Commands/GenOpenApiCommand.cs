using System.CommandLine;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Compiler;
using Encore.Host.Diagnostics;
using Encore.Host.OpenApi;

namespace Encore.Host.Commands;

/// <summary><c>encore-host gen openapi</c>: describes an application's HTTP interface.</summary>
internal static class GenOpenApiCommand
{
    private const string DefaultVersion = "1.0.0";
    private const string DefaultServer = "http://127.0.0.1:4000";

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("source")
        {
            Description = $"The application's folder, one file of it, or a built {ArtifactFiles.Schema} (or its folder).",
            HelpName = $"folder|file|{ArtifactFiles.Schema}",
            DefaultValueFactory = _ => ".",
        };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. [default: standard output]", HelpName = "file" };
        var version = new Option<string>("--api-version")
        {
            Description = "The version that the document gives the API.",
            HelpName = "version",
            DefaultValueFactory = _ => DefaultVersion,
        };
        var server = new Option<string>("--server")
        {
            Description = "Where the API is served.",
            HelpName = "url",
            DefaultValueFactory = _ => DefaultServer,
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
        if (await SchemaOfAsync(path) is not { } schema)
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

    /// <summary>The artifact that a path names, or that its sources give; null where those have errors, which have been shown.</summary>
    private static async Task<Application?> SchemaOfAsync(string path)
    {
        if (BuiltSchema(path) is { } built)
        {
            return ApplicationLoader.LoadSchema(Path.GetFullPath(built));
        }

        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("checking " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await new ApplicationCompiler(HostFiles.Locate()).CheckAsync(source);
        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        return result.Schema;
    }

    /// <summary>The artifact that a path names, or that lies in its folder or beside its bundle.</summary>
    private static string? BuiltSchema(string path)
    {
        if (Path.GetExtension(path) == Path.GetExtension(ArtifactFiles.Schema))
        {
            return path;
        }

        var folder = ApplicationSource.BuiltBundle(path) is { } bundle ? Path.GetDirectoryName(bundle) ?? "." : path;
        var schema = Path.Combine(folder, ArtifactFiles.Schema);
        return File.Exists(schema) ? schema : null;
    }
}
