using System.CommandLine;
using System.Globalization;
using System.Net;
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
        // Options of reference types only: System.CommandLine's generics over others aren't compiled ahead of time.
        var port = new Option<string?>("--port", "-p")
        {
            Description = "The port; 0 takes any free one. [default: ENCORE_LISTEN_ADDR's, else PORT, else 4000]",
            HelpName = "number",
        };
        var host = new Option<string?>("--host")
        {
            Description = "The address to listen on: an IP address, localhost, or * for all. [default: ENCORE_LISTEN_ADDR's, else 127.0.0.1]",
            HelpName = "address",
        };
        var engine = new Option<string>("--engine")
        {
            Description = "The JavaScript engine; jint is slow, for machines where V8's library doesn't load.",
            HelpName = "v8|jint",
            DefaultValueFactory = _ => "v8",
        };
        var infrastructure = new Option<string?>("--infra-config")
        {
            Description = "The infrastructure's configuration. [default: ENCORE_INFRA_CONFIG_PATH's]",
            HelpName = "infra.config.json",
        };
        var tlsCertificate = new Option<string?>("--tls-cert") { Description = "Serves TLS with this certificate (PEM).", HelpName = "file" };
        var tlsKey = new Option<string?>("--tls-key") { Description = "The certificate's private key (PEM).", HelpName = "file" };
        var command = new Command("run", "Serves an application.") { application, port, host, engine, infrastructure, tlsCertificate, tlsKey };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(application)!,
            parsed.GetValue(host),
            parsed.GetValue(port),
            parsed.GetValue(engine)!,
            new InfrastructureFlags(parsed.GetValue(infrastructure), parsed.GetValue(tlsCertificate), parsed.GetValue(tlsKey)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, string? host, string? portText, string engineName, InfrastructureFlags flags, CancellationToken cancellation)
    {
        // A wrong setting is known before a build is waited for.
        var isBuilt = ApplicationSource.BuiltBundle(path) is not null;
        var problems = new List<string>();
        var port = ReadPort(portText, problems);
        var engine = ReadEngine(engineName, problems);
        var options = HttpHostOptions.Resolve(
            host,
            port,
            isBuilt ? HostEnvironment.Production : HostEnvironment.Development,
            Environment.GetEnvironmentVariable,
            logsToTerminal: !Console.IsErrorRedirected,
            problems);
        options = options.With(flags.Load(Environment.GetEnvironmentVariable, problems), Environment.GetEnvironmentVariable);
        if (problems.Count > 0)
        {
            problems.ForEach(problem => Terminal.WriteError(problem, help: null));
            return ExitCodes.Usage;
        }

        return await LoadAsync(path, cancellation) is { } application
            ? await HttpHost.RunAsync(application, options with { Engine = engine }, cancellation)
            : ExitCodes.ApplicationErrors;
    }

    private static int? ReadPort(string? text, List<string> problems)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
        {
            return port;
        }

        problems.Add($"--port: '{text}' is not a port number (0 to {IPEndPoint.MaxPort})");
        return null;
    }

    private static EngineKind ReadEngine(string name, List<string> problems)
    {
        if (name is not ("v8" or "jint"))
        {
            problems.Add($"--engine: '{name}' is neither v8 nor jint");
        }

        return name == "jint" ? EngineKind.Jint : EngineKind.V8;
    }

    /// <summary>The application, built if need be; null where it has errors, which have been shown.</summary>
    internal static async Task<LoadedApplication?> LoadAsync(string path, CancellationToken cancellation)
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
        if (result.Output is null)
        {
            return null;
        }

        var bundle = cache.Store(result.Output);
        ReturnMemory();
        return ApplicationLoader.Load(bundle, source.Root);
    }

    /// <summary>
    /// Gives what the compiler took back to the system: the process goes on for days, and of its first second needs nothing any more.
    /// </summary>
    private static void ReturnMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }
}
