using System.Diagnostics;
using Encore.Host.Artifacts;
using Encore.Host.Commands;
using Encore.Host.Configuration;
using Encore.Host.Hosting;
using Encore.Host.Logging;

namespace Encore.Host.Http;

/// <summary>Serves an application until it is told to stop.</summary>
public static class HttpHost
{
    private static readonly TimeSpan CrashFlushLimit = TimeSpan.FromSeconds(2);

    /// <summary>Starts the application, serves it, and ends when a signal or <paramref name="cancellation"/> says so.</summary>
    /// <returns>The process's exit code: 0 after an orderly end.</returns>
    public static Task<int> RunAsync(LoadedApplication app, HttpHostOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);
        return RunAsync(app, options, Console.Out, Console.OpenStandardError(), cancellation);
    }

    /// <summary>The same, with the banner and the log going elsewhere than to the console.</summary>
    internal static async Task<int> RunAsync(
        LoadedApplication app, HttpHostOptions options, TextWriter banner, Stream errors, CancellationToken cancellation)
    {
        using var log = new LogSink(options.Log, errors);
        AppDomain.CurrentDomain.UnhandledException += Flush;
        AppDomain.CurrentDomain.ProcessExit += Flush;
        try
        {
            return await ServeAsync(app, options, log, banner, cancellation);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= Flush;
            AppDomain.CurrentDomain.ProcessExit -= Flush;
        }

        void Flush(object? sender, EventArgs arguments) => log.Flush(CrashFlushLimit);
    }

    private static async Task<int> ServeAsync(
        LoadedApplication app, HttpHostOptions options, LogSink log, TextWriter banner, CancellationToken cancellation)
    {
        var begin = Stopwatch.GetTimestamp();
        using var signals = new ShutdownSignals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Requested);
        try
        {
            await using var host = await RunningHost.StartAsync(app, options, log, stop.Token);
            var scheme = options.Infrastructure.Http.Tls is null ? "http" : "https";
            await banner.WriteAsync(Banner.Compose(host.Placement.PartOf(app.Schema), host.Address, Stopwatch.GetElapsedTime(begin), scheme));
            await banner.FlushAsync(CancellationToken.None);
            _ = Task.Run(SpareMemory.Return, CancellationToken.None);
            var orderly = await Task.WhenAny(EndAsync(stop.Token), host.Isolate.Ended) != host.Isolate.Ended;
            if (!orderly)
            {
                // Whoever supervises the process starts it anew; serving on would answer 503 for ever.
                log.Write(LogSeverity.Error, "the isolate ended by itself; the host ends too");
            }

            await host.StopAsync(options);
            return orderly ? ExitCodes.Ok : ExitCodes.ApplicationErrors;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (StartFailure.Report(error) is { } code)
        {
            return code;
        }
    }

    private static Task EndAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => ended.TrySetResult());
        return ended.Task;
    }
}
