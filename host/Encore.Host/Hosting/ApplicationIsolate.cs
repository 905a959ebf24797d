using System.Collections;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Operations.Fetch;
using Bridge.Core.Operations.Files;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.SourceMaps;
using Bridge.Jint;
using Bridge.V8;
using Encore.Host.Artifacts;
using Encore.Host.Compiler;
using Encore.Host.Configuration;
using Encore.Host.Http;
using Encore.Host.Logging;
using Encore.Host.Routing;
using Encore.Host.Secrets;
using Encore.Host.ServiceCalls;
using Encore.Host.ServiceCalls.Streams;
using Encore.Host.Streams;

namespace Encore.Host.Hosting;

/// <summary>The isolate of an application, with what the host gives it.</summary>
internal sealed class ApplicationIsolate : IAsyncDisposable
{
    private readonly FetchOperations _fetch;
    private readonly RemoteTransport _transport;
    private readonly RemoteStreams _streams;

    private ApplicationIsolate(Isolate isolate, FetchOperations fetch, RemoteTransport transport, RemoteStreams streams)
    {
        Isolate = isolate;
        _fetch = fetch;
        _transport = transport;
        _streams = streams;
    }

    /// <summary>The isolate, with the application loaded.</summary>
    public Isolate Isolate { get; }

    /// <summary>The streams of other hosts that the application has open.</summary>
    public RemoteStreams Streams => _streams;

    /// <summary>Starts an isolate and loads the application into it.</summary>
    /// <param name="application">The application.</param>
    /// <param name="settings">How it is hosted.</param>
    /// <param name="placement">Which of its services run here.</param>
    /// <param name="appMeta">What <c>appMeta()</c> says.</param>
    /// <param name="operations">What its code can ask for besides what every isolate offers, by kind.</param>
    /// <param name="databaseUri">Finds a database's URI; "" where there is none of that name.</param>
    /// <param name="log">Receives its log lines.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="ScriptException">The application's module threw, or its handlers aren't where the schema says.</exception>
    public static async Task<ApplicationIsolate> StartAsync(
        LoadedApplication application,
        HttpHostOptions settings,
        ServicePlacement placement,
        Func<string> appMeta,
        IEnumerable<KeyValuePair<string, IOperationHandler>> operations,
        Func<string, string> databaseUri,
        LogSink log,
        CancellationToken cancellation)
    {
        var fetch = new FetchOperations();
        var transport = new RemoteTransport(log, settings.Time);
        var elsewhere = RemoteEndpoint.AllOf(application.Schema, placement);
        var streams = new RemoteStreams(elsewhere, transport, settings.Streams);
        var runtime = HostFiles.Locate().RuntimeScript;
        var options = new IsolateOptions
        {
            Runtime = new ScriptSource("runtime.js", await File.ReadAllTextAsync(runtime, cancellation)),
            Log = (level, message, fieldsJson) => log.WriteFromApplication(new LogEntry
            {
                Severity = (LogSeverity)Math.Clamp(level, (int)LogSeverity.Trace, (int)LogSeverity.Error),
                Message = message,
                FieldsJson = fieldsJson,
            }),
            MapPosition = PositionsOf(application),
            HandlerDeadline = settings.HandlerDeadline,
            AppMeta = appMeta,
            Secret = SecretSource.Load(application.Root, settings, Environment.GetEnvironmentVariable, log).Find,
            DatabaseUri = databaseUri,
            Environment = ReadEnvironment(),
            Operations = new Dictionary<string, IOperationHandler>([.. fetch.Handlers, .. streams.Handlers, .. operations], StringComparer.Ordinal)
            {
                [RemoteCalls.Kind] = new RemoteCalls(elsewhere, transport),
                [FileOperation.Kind] = new FileOperation(),
            },
        };
        var isolate = await Isolate.StartAsync(settings.Engine == EngineKind.Jint ? new JintEngineFactory() : new V8EngineFactory(), options);
        var loaded = new ApplicationIsolate(isolate, fetch, transport, streams);
        try
        {
            await isolate.LoadAsync(BundleOf(application, placement), cancellation);
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Isolate.DisposeAsync();
        _fetch.Dispose();
        _streams.Dispose();
        _transport.Dispose();
    }

    private static ApplicationBundle BundleOf(LoadedApplication application, ServicePlacement placement)
    {
        var schema = application.Schema;
        var source = new ScriptSource(Path.GetFileName(application.BundlePath), application.BundleText);
        return new ApplicationBundle(source, [.. schema.Endpoints.Select(endpoint => BindingOf(schema, endpoint, placement))])
        {
            Services = [.. schema.Services.Where(service => service.HasModule).Select(
                service => new ServiceBinding(service.Name, schema.Files[(int)service.Module], service.ExportName))],
            Topics = [.. schema.Topics.Select(topic => new TopicBinding(
                topic.Name,
                ResponsePlan.CompileMessage(schema, topic.Message).Lowerer,
                MessagePlan.Compile(schema, topic.Message, isSensitive: false).Reviver))],
            Subscriptions = [.. schema.Subscriptions.Select(subscription => new SubscriptionBinding(
                schema.Topics[(int)subscription.Topic].Name,
                subscription.Name,
                subscription.HasService ? schema.Services[(int)subscription.Service].Name : "",
                schema.Files[(int)subscription.Module]))],
            CallScripts = new CallScripts(schema),
            AuthHandler = AuthGate.HandlerOf(schema) is { } auth
                ? new AuthBinding(schema.Files[(int)auth.Module], auth.ExportName, RequestPlan.Compile(schema, auth).Reviver, auth.CacheSeconds)
                {
                    DataReviver = MessagePlan.Compile(schema, auth.AuthData, isSensitive: true).Reviver,
                    DataLowerer = ResponsePlan.CompileMessage(schema, auth.AuthData).Lowerer,
                }
                : null,
        };
    }

    // Which method doesn't matter: it decides where parameters come from, not what they become.
    private static EndpointBinding BindingOf(Application schema, EndpointSchema endpoint, ServicePlacement placement) => new(
        schema.Services[(int)endpoint.Service].Name,
        endpoint.Name,
        schema.Files[(int)endpoint.Module],
        endpoint.ExportName,
        RequestPlan.Compile(schema, endpoint, EndpointRoutes.MethodsOf(endpoint).First().Name()).Reviver,
        ResponsePlan.Compile(schema, endpoint).Lowerer)
    {
        Kind = KindOf(endpoint.Kind),
        TakesHandshake = endpoint.HasRequest,
        MessageReviver = StreamPlan.Compile(schema, endpoint)?.Incoming?.Reviver,
        MessageLowerer = StreamPlan.Compile(schema, endpoint)?.Outgoing?.Lowerer,
        IsExposed = endpoint.Expose,
        NeedsAuth = endpoint.Auth,
        IsSensitive = endpoint.Sensitive,
        TakesParams = endpoint.HasRequest,
        Tags = endpoint.Tags,
        Remote = placement.IsHosted(endpoint) ? null : RemoteBindingOf(schema, endpoint),
    };

    private static RemoteBinding RemoteBindingOf(Application schema, EndpointSchema endpoint) => new(
        endpoint.HasRequest ? ResponsePlan.CompileMessage(schema, endpoint.Request).Lowerer : null,
        endpoint.HasResponse ? MessagePlan.Compile(schema, endpoint.Response, endpoint.Sensitive).Reviver : null)
    {
        MessageLowerer = endpoint.Stream is { HasIncoming: true } sent ? ResponsePlan.CompileMessage(schema, sent.Incoming).Lowerer : null,
        MessageReviver = endpoint.Stream is { HasOutgoing: true } received ? MessagePlan.Compile(schema, received.Outgoing, endpoint.Sensitive).Reviver : null,
    };

    // As the SDK's endpoint objects name their kinds.
    private static string KindOf(EndpointKind kind) => kind switch
    {
        EndpointKind.Raw => "raw",
        EndpointKind.StreamIn => "streamIn",
        EndpointKind.StreamOut => "streamOut",
        EndpointKind.StreamInOut => "streamInOut",
        EndpointKind.Static => "static",
        _ => "typed",
    };

    private static Func<string, int, int, string?> PositionsOf(LoadedApplication application)
    {
        if (application.SourceMapPath is not { } path)
        {
            return static (_, _, _) => null;
        }

        var map = SourceMapReader.FromFile(path);
        var bundle = Path.GetFileName(application.BundlePath);
        return (script, line, column) => string.Equals(script, bundle, StringComparison.Ordinal) ? map.Map(line, column) : null;
    }

    private static Dictionary<string, string> ReadEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
