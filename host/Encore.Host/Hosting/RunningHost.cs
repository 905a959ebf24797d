using System.Net;
using Bridge.Core.Isolates;
using Bridge.Core.PubSub;
using Bridge.Postgres.Queries;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Cron;
using Encore.Host.Databases;
using Encore.Host.Http;
using Encore.Host.Http.Raw;
using Encore.Host.Logging;
using Encore.Host.PubSub;
using Encore.Host.ServiceCalls;
using Encore.Host.Static;
using Encore.Host.Streams;

namespace Encore.Host.Hosting;

/// <summary>An application that is being served.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    // An isolate that hasn't ended by then is in an endless loop, and then in something that can't be interrupted.
    private static readonly TimeSpan IsolatePatience = TimeSpan.FromMilliseconds(500);

    private readonly KestrelEdge _edge;
    private readonly ApplicationIsolate _application;
    private readonly HealthEndpoint _health;
    private readonly OpenStreams _streams;
    private readonly CronScheduler _cron;
    private readonly ApplicationDatabases _databases;
    private readonly SqlOperations _sql;
    private readonly MessageService _messages;
    private readonly LogSink _log;

    private RunningHost(
        KestrelEdge edge,
        ApplicationIsolate application,
        HealthEndpoint health,
        OpenStreams streams,
        CronScheduler cron,
        ApplicationDatabases databases,
        SqlOperations sql,
        MessageService messages,
        LogSink log)
    {
        _sql = sql;
        _messages = messages;
        _databases = databases;
        _edge = edge;
        _application = application;
        _health = health;
        _streams = streams;
        _cron = cron;
        _log = log;
    }

    /// <summary>Which of the application's services it runs.</summary>
    public required ServicePlacement Placement { get; init; }

    /// <summary>Where clients reach it.</summary>
    public IPEndPoint Address => _edge.Address;

    /// <summary>The streams that are open: of clients and other hosts, and those that the application has opened at other hosts.</summary>
    public int OpenStreams => _streams.Count + _application.Streams.Count;

    /// <summary>Runs the application's code.</summary>
    public Isolate Isolate => _application.Isolate;

    /// <summary>
    /// Starts an application: its databases and brokers, then the isolate, and meanwhile the server, whose first requests wait for it; messages
    /// are received last.
    /// </summary>
    /// <exception cref="StartException">The application can't be served as it is declared.</exception>
    /// <exception cref="DatabaseException">A database can't be reached or migrated.</exception>
    /// <exception cref="BrokerException">A broker can't be reached.</exception>
    /// <exception cref="ListenException">The address can't be had.</exception>
    /// <exception cref="Bridge.Core.Scripting.ScriptException">The application's code failed.</exception>
    public static async Task<RunningHost> StartAsync(
        LoadedApplication application, HttpHostOptions options, LogSink log, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var placement = ServicePlacement.Of(application.Schema, options.Infrastructure, problems);
        if (problems.Count > 0)
        {
            throw new StartException(problems);
        }

        var databases = await ReadyDatabases.StartAsync(application, options.Infrastructure, log, cancellation);
        var sql = DatabaseOperations.Create(databases, log);
        MessageService messages;
        try
        {
            messages = new MessageService(
                await ApplicationTopics.OpenAsync(application, options.Infrastructure, placement, databases, broker => broker.Provisions, cancellation), sql, log, options.Time);
        }
        catch
        {
            await sql.DisposeAsync();
            await databases.DisposeAsync();
            throw;
        }

        KestrelEdge? edge = null;
        string DescribeApplication() => AppMeta.Describe(application, options, placement, Volatile.Read(ref edge)?.Address);
        var raw = new RawExchanges(options.HandlerDeadline);
        var isolate = Task.Run(
            () => ApplicationIsolate.StartAsync(
                application, options, placement, DescribeApplication, [.. raw.Handlers, .. sql.Handlers, .. messages.Handlers], databases.UriOf, log, cancellation),
            cancellation);
        var edgeApplication = new EdgeApplication();
        try
        {
            edge = await KestrelEdge.StartAsync(options, edgeApplication, log, cancellation);
            var routes = EndpointRoutes.Compile(
                application.Schema, options.Environment == HostEnvironment.Development, StaticPlaces.Of(application), placement);
            problems.AddRange(routes.Problems);
            var jobs = CronJob.Of(application.Schema, placement.IsHosted, problems);
            if (problems.Count > 0)
            {
                throw new StartException(problems);
            }

            var loaded = await isolate;
            var health = new HealthEndpoint(application.Name, options.Environment == HostEnvironment.Production ? "production" : "local");
            var streams = new OpenStreams(options.Streams);
            var requestLog = new RequestLog(log);
            edgeApplication.Open(new RequestHandler(
                routes,
                loaded.Isolate,
                health,
                requestLog,
                options.Environment == HostEnvironment.Development,
                EdgePolicies.Of(application, options, log),
                streams,
                raw,
                placement.Keys is []
                    ? null
                    : new InternalCalls(InternalEndpoint.AllOf(application.Schema, routes), placement.Keys, loaded.Isolate, streams, requestLog, options.Time),
                PushEndpoint.Of(messages.Receivers, requestLog)));
            var cron = CronScheduler.Start(
                options.Infrastructure.RunsCronJobs ? jobs : [], new CronRunner(loaded.Isolate, log), new LocalCronLease(), options.Time);
            if (options.Infrastructure.HandlesMessages)
            {
                await messages.StartAsync(application.Schema, databases, loaded.Isolate, cancellation);
            }

            return new RunningHost(edge, loaded, health, streams, cron, databases, sql, messages, log) { Placement = placement };
        }
        catch
        {
            edge?.Dispose();
            await messages.DisposeAsync();
            await ((Task)isolate).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isolate.IsCompletedSuccessfully)
            {
                await EndAsync(await isolate);
            }

            await sql.DisposeAsync();
            await databases.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends gracefully: health says so, load balancers get time to notice, nothing new is accepted, what runs may finish within the limit.
    /// </summary>
    public async Task StopAsync(HttpHostOptions options)
    {
        _health.StartShutdown();
        _log.Write(LogSeverity.Info, "shutting down");
        await Task.Delay(options.AcceptAfterStop);
        _streams.ShutDown();
        using var limit = new CancellationTokenSource(options.ShutdownLimit);
        await Task.WhenAll(_messages.StopAsync(limit.Token), _edge.StopAsync(limit.Token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _edge.Dispose();
        _streams.Dispose();
        await _cron.DisposeAsync();
        await _messages.DisposeAsync();
        await EndAsync(_application);
        await _sql.DisposeAsync();
        await _databases.DisposeAsync();
    }

    private static async Task EndAsync(ApplicationIsolate application)
    {
        var ended = application.DisposeAsync().AsTask();
        if (await Task.WhenAny(ended, Task.Delay(IsolatePatience)) != ended)
        {
            application.Isolate.Interrupt();
            await Task.WhenAny(ended, Task.Delay(IsolatePatience));
        }
    }
}
