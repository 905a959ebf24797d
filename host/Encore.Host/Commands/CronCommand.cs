using System.CommandLine;
using System.Globalization;
using System.Net;
using Encore.Host.Configuration;
using Encore.Host.Cron;
using Encore.Host.Hosting;
using Encore.Host.Logging;

namespace Encore.Host.Commands;

/// <summary><c>encore-host cron</c>: shows an application's cron jobs, and runs one now.</summary>
internal static class CronCommand
{
    private const int TimesShown = 3;

    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("cron", "Shows an application's cron jobs, or runs one of them now.") { CreateList(), CreateRun() };

    private static Argument<string> Application() => new("application")
    {
        Description = "A built app.js (or its folder), or an application's folder or file, which is built first if it has changed.",
        HelpName = "app.js|app.ts|folder",
    };

    private static Command CreateList()
    {
        var application = Application();
        var command = new Command("list", "Lists the cron jobs with the next times at which they are due.") { application };
        command.SetAction((parsed, cancellation) => ListAsync(parsed.GetValue(application)!, cancellation));
        return command;
    }

    private static Command CreateRun()
    {
        var application = Application();
        var job = new Argument<string>("job") { Description = "The job's name." };
        var infrastructure = new Option<string?>("--infra-config")
        {
            Description = "The infrastructure's configuration. [default: ENCORE_INFRA_CONFIG_PATH's]",
            HelpName = "infra.config.json",
        };
        var command = new Command("run", "Runs a cron job once, in a process of its own.") { application, job, infrastructure };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(application)!, parsed.GetValue(job)!, parsed.GetValue(infrastructure), cancellation));
        return command;
    }

    private static async Task<int> ListAsync(string path, CancellationToken cancellation)
    {
        if (await RunCommand.LoadAsync(path, cancellation) is not { } application || JobsOf(application.Schema) is not { } jobs)
        {
            return ExitCodes.ApplicationErrors;
        }

        var width = jobs.Select(job => job.Name.Length).DefaultIfEmpty().Max();
        foreach (var job in jobs)
        {
            await Console.Out.WriteLineAsync($"{job.Name.PadRight(width)}  {job.Timing.Text}  {job.Target}");
            var after = DateTimeOffset.UtcNow;
            for (var i = 0; i < TimesShown && job.Timing.Next(after) is { } time; i++)
            {
                after = time;
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{"".PadRight(width)}  {time:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
            }
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> RunAsync(string path, string name, string? infrastructure, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var options = HttpHostOptions.Resolve(
            host: null,
            port: null,
            Compiler.ApplicationSource.BuiltBundle(path) is not null ? HostEnvironment.Production : HostEnvironment.Development,
            Environment.GetEnvironmentVariable,
            logsToTerminal: !Console.IsErrorRedirected,
            problems);
        options = options.With(
            new InfrastructureFlags(infrastructure, TlsCertificate: null, TlsKey: null).Load(Environment.GetEnvironmentVariable, problems),
            Environment.GetEnvironmentVariable);
        if (problems.Count > 0)
        {
            problems.ForEach(problem => Terminal.WriteError(problem, help: null));
            return ExitCodes.Usage;
        }

        if (await RunCommand.LoadAsync(path, cancellation) is not { } application || JobsOf(application.Schema) is not { } jobs)
        {
            return ExitCodes.ApplicationErrors;
        }

        if (jobs.FirstOrDefault(job => string.Equals(job.Name, name, StringComparison.Ordinal)) is not { } job)
        {
            var known = jobs.Count == 0 ? "it has none" : "it has " + string.Join(", ", jobs.Select(other => other.Name));
            Terminal.WriteError($"the application has no cron job {name}", known);
            return ExitCodes.Usage;
        }

        return await RunOnceAsync(application, job, options, cancellation);
    }

    // A host of its own, on a port that nobody knows, whose own schedule is off, and which takes no messages that it would leave behind.
    private static async Task<int> RunOnceAsync(
        Artifacts.LoadedApplication application, CronJob job, HttpHostOptions options, CancellationToken cancellation)
    {
        options = options with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Infrastructure = options.Infrastructure with { RunsCronJobs = false, HandlesMessages = false },
        };
        await using var output = Console.OpenStandardError();
        using var log = new LogSink(options.Log, output);
        try
        {
            await using var host = await RunningHost.StartAsync(application, options, log, cancellation);
            return await new CronRunner(host.Isolate, log).RunAsync(job, cancellation) is null ? ExitCodes.Ok : ExitCodes.ApplicationErrors;
        }
        catch (Exception error) when (StartFailure.Report(error) is { } code)
        {
            return code;
        }
    }

    private static IReadOnlyList<CronJob>? JobsOf(Bridge.Core.Schema.Application schema)
    {
        var problems = new List<string>();
        var jobs = CronJob.Of(schema, static _ => true, problems);
        problems.ForEach(problem => Terminal.WriteError(problem, help: null));
        return problems.Count == 0 ? jobs : null;
    }
}
