using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;

namespace Bridge.Engine.Tests.Isolates;

/// <summary>An isolate with the real runtime and an application of a test's making.</summary>
internal sealed class TestIsolate : IAsyncDisposable
{
    private const string Prelude = """
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const operation = (kind, payload, bytes) => runtime.startOperation(kind, payload, bytes);
        const say = (text) => runtime.log(2, text, undefined);
        """;

    private readonly Dictionary<string, int> _endpoints = [];
    private readonly Channel<LogLine> _said = Channel.CreateUnbounded<LogLine>();
    private readonly ConcurrentQueue<LogLine> _log = new();

    private TestIsolate(Isolate isolate) => Isolate = isolate;

    internal Isolate Isolate { get; private set; }

    /// <summary>Everything logged so far.</summary>
    internal IReadOnlyCollection<LogLine> Log => _log;

    /// <summary>Starts an isolate and loads an application.</summary>
    /// <param name="factory">The engine.</param>
    /// <param name="handlers">JavaScript function expressions by endpoint name.</param>
    /// <param name="operations">What the script may ask the host for.</param>
    /// <param name="module">JavaScript before the handlers, with <c>runtime</c>, <c>operation</c> and <c>say</c> in scope.</param>
    internal static async Task<TestIsolate> StartAsync(
        IScriptEngineFactory factory,
        IReadOnlyDictionary<string, string> handlers,
        IReadOnlyDictionary<string, IOperationHandler>? operations = null,
        string module = "",
        TimeSpan? deadline = null)
    {
        var test = await StartEmptyAsync(factory, operations, deadline: deadline);
        await test.LoadAsync(handlers, module);
        return test;
    }

    /// <summary>Loads an application into an isolate that has none yet.</summary>
    internal async Task LoadAsync(IReadOnlyDictionary<string, string> handlers, string module = "", string? lowerer = null)
    {
        var bundle = Bundle(handlers, module);
        await LoadAsync(bundle with { Endpoints = [.. bundle.Endpoints.Select(endpoint => endpoint with { Lowerer = lowerer })] });
    }

    /// <summary>Loads an application into an isolate that has none yet.</summary>
    internal async Task LoadAsync(ApplicationBundle bundle)
    {
        for (var i = 0; i < bundle.Endpoints.Count; i++)
        {
            _endpoints.Add(bundle.Endpoints[i].ExportName, i);
        }

        await Isolate.LoadAsync(bundle).WaitAsync(EngineThread.Patience);
    }

    /// <summary>Starts an isolate and loads nothing.</summary>
    internal static async Task<TestIsolate> StartEmptyAsync(
        IScriptEngineFactory factory, IReadOnlyDictionary<string, IOperationHandler>? operations = null, IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? deadline = null)
    {
        var test = new TestIsolate(null!);
        test.Isolate = await Isolate.StartAsync(factory, new IsolateOptions
        {
            Runtime = new ScriptSource("runtime.js", RepositoryFiles.Runtime),
            Log = test.Hear,
            Operations = operations ?? new Dictionary<string, IOperationHandler>(),
            HandlerDeadline = deadline ?? Timeout.InfiniteTimeSpan,
            Environment = environment ?? new Dictionary<string, string>(),
        }).WaitAsync(EngineThread.Patience);
        return test;
    }

    internal static ApplicationBundle Bundle(IReadOnlyDictionary<string, string> handlers, string module = "")
    {
        var text = new StringBuilder(Prelude).Append('\n').Append(module).Append("\nruntime.bind('app.ts', {\n");
        foreach (var (name, handler) in handlers)
        {
            text.Append($"{name}: endpoint({handler}),\n");
        }

        text.Append("});\n");
        return new ApplicationBundle(
            new ScriptSource("app.js", text.ToString()),
            [.. handlers.Keys.Select(name => new EndpointBinding("test", name, "app.ts", name, null))]);
    }

    /// <summary>Calls a handler and takes its answer, within the test's patience.</summary>
    internal async Task<Answer> CallAsync(string endpoint, string? payload = null, CancellationToken clientGone = default)
    {
        using var answer = await Isolate.CallAsync(_endpoints[endpoint], Payload(payload), clientGone).AsTask().WaitAsync(EngineThread.Patience, CancellationToken.None);
        return new Answer(answer.Kind, Encoding.UTF8.GetString(answer.Json));
    }

    /// <summary>Calls an endpoint by its number.</summary>
    internal async Task<Answer> CallAsync(HandlerRequest request, CancellationToken clientGone = default)
    {
        using var answer = await Isolate.CallAsync(request, clientGone).AsTask().WaitAsync(EngineThread.Patience, CancellationToken.None);
        return new Answer(answer.Kind, Encoding.UTF8.GetString(answer.Json));
    }

    internal int Endpoint(string name) => _endpoints[name];

    internal static PooledBuffer? Payload(string? json)
    {
        if (json is null)
        {
            return null;
        }

        var buffer = new PooledBuffer();
        buffer.Write(Encoding.UTF8.GetBytes(json));
        return buffer;
    }

    /// <summary>Waits for the script to say something.</summary>
    internal async Task<string> HearAsync() => (await _said.Reader.ReadAsync().AsTask().WaitAsync(EngineThread.Patience)).Message;

    public async ValueTask DisposeAsync() => await Isolate.DisposeAsync().AsTask().WaitAsync(EngineThread.Patience);

    private void Hear(int level, string message, string fields)
    {
        var line = new LogLine(level, message, fields);
        _log.Enqueue(line);
        if (level == 2)
        {
            _said.Writer.TryWrite(line);
        }
    }
}

/// <summary>A line that the application or the isolate logged.</summary>
internal sealed record LogLine(int Level, string Message, string Fields);

/// <summary>An answer, taken out of its buffer.</summary>
internal sealed record Answer(AnswerKind Kind, string Json);
