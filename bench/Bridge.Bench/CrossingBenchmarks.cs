using System.Globalization;
using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates;
using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;

namespace Bridge.Bench;

/// <summary>
/// Calls through a whole isolate, from the posted payload to the answer's bytes, so many at once; a result is the cost of one call.
/// </summary>
[MemoryDiagnoser]
public class CrossingBenchmarks
{
    private const int CallsPerInvoke = 4096;

    private const string Application = """
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          create: { [Symbol.for("encore-host.endpoint")]: { handler: async (request) => ({ id: 1, title: request.title, tags: request.tags.length, ok: true }) } },
        });
        """;

    private static readonly byte[] Payload = """{"title":"A title of an ordinary length","body":"Some text, longer than the title.","tags":["a","b","c"],"rating":4.5}"""u8.ToArray();

    private Isolate? _isolate;
    private Task[] _calls = [];

    /// <summary>Engine and calls at once.</summary>
    [Params("v8 1", "v8 4", "v8 16", "v8 64", "v8 256", "jint 1", "jint 64")]
    public string Case { get; set; } = "v8 1";

    [GlobalSetup]
    public async Task StartAsync()
    {
        var parts = Case.Split(' ');
        IScriptEngineFactory engine = parts[0] == "v8" ? new V8EngineFactory() : new JintEngineFactory();
        _calls = new Task[int.Parse(parts[1], CultureInfo.InvariantCulture)];
        _isolate = await Isolate.StartAsync(engine, new IsolateOptions
        {
            Runtime = await BenchmarkRuntime.ReadAsync(),
            Log = static (_, _, _) => { },
        });
        await _isolate.LoadAsync(new ApplicationBundle(new ScriptSource("app.js", Application), [new EndpointBinding("bench", "create", "app.ts", "create", null)]));
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        if (_isolate is not null)
        {
            await _isolate.DisposeAsync();
        }
    }

    [Benchmark(OperationsPerInvoke = CallsPerInvoke)]
    public async Task CallAsync()
    {
        for (var done = 0; done < CallsPerInvoke; done += _calls.Length)
        {
            for (var i = 0; i < _calls.Length; i++)
            {
                _calls[i] = AnswerAsync();
            }

            await Task.WhenAll(_calls);
        }
    }

    private async Task AnswerAsync()
    {
        var payload = new PooledBuffer(Payload.Length);
        payload.Write(Payload);
        using var answer = await _isolate!.CallAsync(0, payload);
        if (answer.Kind != AnswerKind.Value)
        {
            throw new InvalidOperationException($"The call ended as {answer.Kind}.");
        }
    }
}
