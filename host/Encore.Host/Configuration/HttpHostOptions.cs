using System.Globalization;
using System.Net;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;
using Encore.Host.Streams;

namespace Encore.Host.Configuration;

/// <summary>Where and how the host serves an application.</summary>
public sealed record HttpHostOptions
{
    /// <summary>The port where nothing says another.</summary>
    public const int DefaultPort = 4000;

    private const string HandlerTimeoutVariable = "ENCORE_HANDLER_TIMEOUT_SECONDS";

    /// <summary>The address and port to listen on; port 0 takes any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>What the application runs for.</summary>
    public required HostEnvironment Environment { get; init; }

    /// <summary>What runs the application's code.</summary>
    public EngineKind Engine { get; init; } = EngineKind.V8;

    /// <summary>Which log lines are written, and how.</summary>
    public required LogOptions Log { get; init; }

    /// <summary>How long a client may take over a body before it must have sent 240 bytes for each second; more than a second.</summary>
    public TimeSpan SlowBodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time that a shutdown may take once the host has stopped accepting; requests still running then are cut off.</summary>
    public TimeSpan ShutdownLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the host goes on accepting after it was told to stop, so that load balancers notice.</summary>
    public TimeSpan AcceptAfterStop { get; init; } = TimeSpan.Zero;

    /// <summary>How long a handler may take before its caller is told that it took too long; infinite for no limit.</summary>
    public TimeSpan HandlerDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How streams are kept.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>What the infrastructure's configuration says; what is applied of it stands in the other options as well.</summary>
    public InfrastructureConfig Infrastructure { get; init; } = InfrastructureConfig.Empty;

    /// <summary>The clock that cron jobs go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gathers the options: flag, else ENCORE_LISTEN_ADDR, else PORT, else 127.0.0.1:4000.</summary>
    /// <remarks>PORT alone comes from platforms that reach the process over the network: in production it means every address.</remarks>
    /// <param name="host">The <c>--host</c> flag, if given.</param>
    /// <param name="port">The <c>--port</c> flag, if given.</param>
    /// <param name="environment">What the application runs for where NODE_ENV doesn't say.</param>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    /// <param name="logsToTerminal">Whether the log goes to a terminal.</param>
    /// <param name="problems">Receives a line for each setting that can't be read; the options are of no use unless it stays empty.</param>
    public static HttpHostOptions Resolve(
        string? host,
        int? port,
        HostEnvironment environment,
        Func<string, string?> variables,
        bool logsToTerminal,
        ICollection<string> problems)
    {
        environment = variables("NODE_ENV") switch
        {
            "production" => HostEnvironment.Production,
            "development" or "test" => HostEnvironment.Development,
            _ => environment,
        };
        var listen = ListenAddress.Resolve(host, port, environment, variables, problems);
        var options = new HttpHostOptions
        {
            Listen = listen,
            Environment = environment,
            Log = LogOptions.Read(variables, logsToTerminal, problems),
        };
        return options with
        {
            AcceptAfterStop = ReadGrace(variables, options.ShutdownLimit, problems),
            HandlerDeadline = ReadDeadline(variables, options.HandlerDeadline, problems),
        };
    }

    /// <summary>Applies a configuration; variables of the environment beat it.</summary>
    /// <param name="infrastructure">The configuration.</param>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    public HttpHostOptions With(InfrastructureConfig infrastructure, Func<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(infrastructure);
        ArgumentNullException.ThrowIfNull(variables);
        var isTold = (string name) => !string.IsNullOrEmpty(variables(name));
        var shutdown = infrastructure.GracefulShutdown;
        var shutdownLimit = shutdown.Handlers ?? shutdown.Total ?? ShutdownLimit;
        shutdownLimit = shutdown.Total < shutdownLimit ? shutdown.Total.Value : shutdownLimit;

        // The two together are Kubernetes' grace period, where there is one.
        var accepting = AcceptAfterStop > TimeSpan.Zero ? AcceptAfterStop + ShutdownLimit - shutdownLimit : TimeSpan.Zero;
        return this with
        {
            AcceptAfterStop = accepting > TimeSpan.Zero ? accepting : TimeSpan.Zero,
            Infrastructure = infrastructure,
            Log = infrastructure.LogThreshold is { } threshold && !isTold("ENCORE_LOG") && !isTold("ENCORE_NOLOG") ? Log with { Threshold = threshold } : Log,
            ShutdownLimit = shutdownLimit,
            HandlerDeadline = !isTold(HandlerTimeoutVariable) && infrastructure.HandlerTimeout is { } limit ? limit : HandlerDeadline,
        };
    }

    private static TimeSpan ReadDeadline(Func<string, string?> variables, TimeSpan otherwise, ICollection<string> problems)
    {
        const string Name = HandlerTimeoutVariable;
        const double LongestSeconds = 24 * 60 * 60;
        var text = variables(Name);
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestSeconds)
        {
            problems.Add($"{Name}: '{text}' is not a number of seconds up to {LongestSeconds}; 0 means no limit");
            return otherwise;
        }

        return seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
    }

    // Kubernetes' whole grace period, of which the end is needed to drain.
    private static TimeSpan ReadGrace(Func<string, string?> variables, TimeSpan shutdownLimit, ICollection<string> problems)
    {
        const string Name = "ENCORE_K8S_GRACE_TERMINATION_SECONDS";
        const int LongestSeconds = 24 * 60 * 60;
        var text = variables(Name);
        if (string.IsNullOrEmpty(text))
        {
            return TimeSpan.Zero;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestSeconds)
        {
            problems.Add($"{Name}: '{text}' is not a number of seconds up to {LongestSeconds}");
            return TimeSpan.Zero;
        }

        var grace = TimeSpan.FromSeconds(seconds) - shutdownLimit;
        return grace > TimeSpan.Zero ? grace : TimeSpan.Zero;
    }
}
