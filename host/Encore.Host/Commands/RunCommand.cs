using System.CommandLine;
using System.Globalization;
using Encore.Host.Artifacts;
using Encore.Host.Compiler;
using Encore.Host.Compiler.Caching;
using Encore.Host.Configuration;
using Encore.Host.Http;

namespace Encore.Host.Commands;

/// <summary><c>encore-host run</c>: serves an application, building it first where that is needed.</summary>
internal static class RunCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var application = new Argument<string>("application")
        {
            Description = "A built app.js (or its folder), or an application's folder or file, which is built first if it has changed.",
            HelpName = "app.js|app.ts|folder",
            DefaultValueFactory = _ => ".",
        };
        var port = new Option<int?>("--port", "-p")
        {
            Description = "The port; 0 takes any free one. [default: ENCORE_LISTEN_ADDR's, else PORT, else 4000]",
            HelpName = "number",
            CustomParser = static result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ushort.MaxValue)
                {
                    return number;
                }

                result.AddError($"--port: '{result.Tokens[0].Value}' is not a port number (0 to 65535)");
                return null;
            },
        };
        var host = new Option<string?>("--host")
        {
            Description = "The address to listen on: an IP address, localhost, or * for all. [default: ENCORE_LISTEN_ADDR's, else 127.0.0.1]",
            HelpName = "address",
        };
        var engine = new Option<EngineKind>("--engine")
        {
            Description = "The JavaScript engine: v8, or jint where V8's library doesn't load (slow).",
            HelpName = "v8|jint",
            DefaultValueFactory = _ => EngineKind.V8,
            CustomParser = static result =>
            {
                switch (result.Tokens[0].Value)
                {
                    case "v8":
                        return EngineKind.V8;
                    case "jint":
                        return EngineKind.Jint;
                    default:
                        result.AddError($"--engine: '{result.Tokens[0].Value}' is neither v8 nor jint");
                        return default;
                }
            },
        };
        var command = new Command("run", "Serves an application.") { application, port, host, engine };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(application)!, parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(engine), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? host, int? port, EngineKind engine, CancellationToken cancellation)
    {
        // A wrong setting is known before a build is waited for.
        var isBuilt = ApplicationSource.BuiltBundle(path) is not null;
        var problems = new List<string>();
        var options = HttpHostOptions.Resolve(
            host,
            port,
            isBuilt ? HostEnvironment.Production : HostEnvironment.Development,
            Environment.GetEnvironmentVariable,
            logsToTerminal: !Console.IsErrorRedirected,
            problems);
        if (problems.Count > 0)
        {
            problems.ForEach(problem => Terminal.WriteError(problem, help: null));
            return ExitCodes.Usage;
        }

        return await LoadAsync(path, cancellation) is { } application
            ? await HttpHost.RunAsync(application, options with { Engine = engine }, cancellation)
            : ExitCodes.ApplicationErrors;
    }

    /// <summary>The application, built if need be; null where it has errors, which have been shown.</summary>
    private static async Task<LoadedApplication?> LoadAsync(string path, CancellationToken cancellation)
    {
        if (ApplicationSource.BuiltBundle(path) is { } built)
        {
            return ApplicationLoader.Load(built);
        }

        var source = ApplicationSource.From(path);
        var compiler = new ApplicationCompiler(HostFiles.Locate().Verified());
        var cache = new BuildCache(source.Root, compiler.ToolIdentity(source));
        if (cache.Find() is { } cached)
        {
            return ApplicationLoader.Load(cached, source.Root);
        }

        using var progress = Progress.Show("building " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await compiler.BuildAsync(source, cancellation);
        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        return result.Output is null ? null : ApplicationLoader.Load(cache.Store(result.Output), source.Root);
    }
}
