using System.CommandLine;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Clients;
using Encore.Host.Diagnostics;
using Encore.Host.OpenApi;

namespace Encore.Host.Commands;

/// <summary><c>encore-host gen client</c>: writes a client of an application's exposed endpoints.</summary>
internal static class GenClientCommand
{
    private const string OpenApi = "openapi";

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var source = SchemaSource.Argument();
        var output = new Option<string?>("--output", "-o") { Description = "The file to write. [default: standard output]", HelpName = "file" };
        var language = new Option<string?>("--lang", "-l")
        {
            Description = "The client's language. [default: by the file's ending, else ts]",
            HelpName = "ts|js|openapi",
        };
        language.AcceptOnlyFromAmong("ts", "typescript", "js", "javascript", OpenApi);
        var services = Names("--services", "Only these services, with commas between them.");
        var excluded = Names("--excluded-services", "All services but these.", "--exclude-services", "-x");
        var tags = Names("--tags", "Only endpoints with one of these tags.");
        var excludedTags = Names("--excluded-tags", "No endpoints with one of these tags.", "--exclude-tags");
        var command = new Command("client", "Writes a client of an application's exposed endpoints: one file without dependencies.")
        {
            source, output, language, services, excluded, tags, excludedTags,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var file = parsed.GetValue(output);
            var chosen = parsed.GetValue(language) ?? LanguageOf(file);
            var kind = chosen is "js" or "javascript" ? ClientLanguage.JavaScript : ClientLanguage.TypeScript;
            var options = new ClientOptions(
                kind, parsed.GetValue(services) ?? [], parsed.GetValue(excluded) ?? [], parsed.GetValue(tags) ?? [], parsed.GetValue(excludedTags) ?? []);
            return RunAsync(parsed.GetValue(source)!, file, schema => chosen == OpenApi ? Describe(schema, options) : Write(schema, options), cancellation);
        });
        return command;
    }

    private static Option<string[]> Names(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "names",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };

    private static string LanguageOf(string? file) => Path.GetExtension(file) switch
    {
        ".js" or ".mjs" => "js",
        ".json" => OpenApi,
        _ => "ts",
    };

    private static ClientText Write(Application schema, ClientOptions options) => ClientWriter.Write(schema, options);

    private static ClientText Describe(Application schema, ClientOptions options)
    {
        var chosen = schema.Clone();
        foreach (var endpoint in chosen.Endpoints)
        {
            endpoint.Expose = options.Includes(schema.Services[(int)endpoint.Service].Name, endpoint.Tags, endpoint.Expose);
        }

        var document = OpenApiWriter.Write(chosen, OpenApiOptions.Default);
        foreach (var omission in document.Omissions)
        {
            Terminal.WriteWarning(omission);
        }

        return new ClientText(document.ToText(), document.Operations);
    }

    private static async Task<int> RunAsync(string path, string? output, Func<Application, ClientText> write, CancellationToken cancellation)
    {
        if (await SchemaSource.LoadAsync(path) is not { } schema)
        {
            return ExitCodes.ApplicationErrors;
        }

        ClientText client;
        try
        {
            client = write(schema);
        }
        catch (SchemaException error)
        {
            throw new ArtifactException(error.Message, "build the application again with `encore-host build`", error);
        }

        if (output is null)
        {
            await Console.Out.WriteAsync(client.Text.AsMemory(), cancellation);
            return ExitCodes.Ok;
        }

        var file = Path.GetFullPath(output);
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? "/");
        await File.WriteAllTextAsync(file, client.Text, cancellation);
        var style = TerminalStyle.ForOutput;
        Terminal.WriteResult($"{style.Good("generated")} {schema.Name}: {Terminal.Count(client.Endpoints, "endpoint")} → {style.Place(Terminal.Shorten(file))}");
        return ExitCodes.Ok;
    }
}
