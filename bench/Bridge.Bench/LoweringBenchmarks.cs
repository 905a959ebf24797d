using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates;
using Bridge.Core.Responses;
using Bridge.Core.Scripting;
using Bridge.V8;

namespace Bridge.Bench;

/// <summary>
/// An answer of 16 rows whose sets and bytes JSON has no form for, through a whole isolate, 64 calls at once; beside it the same answer in the form
/// that the script would give it. A result is the cost of one call.
/// </summary>
[MemoryDiagnoser]
public class LoweringBenchmarks
{
    private const int CallsPerInvoke = 4096;
    private const int CallsAtOnce = 64;

    private const string Application = """
        const rows = Array.from({ length: 16 }, (_, id) => ({ id, name: `row ${id}`, tags: new Set(["a", "b", String(id)]), digest: new Uint8Array(32).fill(id) }));
        const plain = rows.map((row) => ({ ...row, tags: [...row.tags], digest: row.digest.toBase64() }));
        const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          lowered: endpoint(async () => ({ rows })),
          plain: endpoint(async () => ({ rows: plain })),
        });
        """;

    private readonly Task[] _calls = new Task[CallsAtOnce];
    private Isolate? _isolate;

    [GlobalSetup]
    public async Task StartAsync()
    {
        var (application, endpoint) = BenchmarkSchema.Lowered();
        var lowerer = ResponsePlan.Compile(application, endpoint).Lowerer;
        _isolate = await Isolate.StartAsync(new V8EngineFactory(), new IsolateOptions
        {
            Runtime = await BenchmarkRuntime.ReadAsync(),
            Log = static (_, _, _) => { },
        });
        await _isolate.LoadAsync(new ApplicationBundle(
            new ScriptSource("app.js", Application),
            [new EndpointBinding("bench", "lowered", "app.ts", "lowered", null, lowerer), new EndpointBinding("bench", "plain", "app.ts", "plain", null)]));
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        if (_isolate is not null)
        {
            await _isolate.DisposeAsync();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = CallsPerInvoke, Description = "JSON's own forms")]
    public Task PlainAsync() => CallAsync(1);

    [Benchmark(OperationsPerInvoke = CallsPerInvoke, Description = "sets and bytes")]
    public Task LoweredAsync() => CallAsync(0);

    private async Task CallAsync(int endpoint)
    {
        for (var done = 0; done < CallsPerInvoke; done += CallsAtOnce)
        {
            for (var i = 0; i < CallsAtOnce; i++)
            {
                _calls[i] = AnswerAsync(endpoint);
            }

            await Task.WhenAll(_calls);
        }
    }

    private async Task AnswerAsync(int endpoint)
    {
        var payload = new PooledBuffer(2);
        payload.Write("{}"u8);
        using var answer = await _isolate!.CallAsync(endpoint, payload);
        if (answer.Kind != AnswerKind.Value)
        {
            throw new InvalidOperationException($"The call ended as {answer.Kind}.");
        }
    }
}
