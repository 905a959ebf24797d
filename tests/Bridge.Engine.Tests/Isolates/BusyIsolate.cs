using Bridge.Core.Isolates;
using Bridge.Core.Scripting;

namespace Bridge.Engine.Tests.Isolates;

/// <summary>Where an isolate's thread is held, in the middle of a turn.</summary>
internal sealed class Held : IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the thread stands here.</summary>
    internal Task Reached => _reached.Task;

    internal void Release() => _released.Set();

    public void Dispose() => _released.Dispose();

    internal void Stand()
    {
        _reached.TrySetResult();
        if (!_released.Wait(EngineThread.Patience))
        {
            throw new TimeoutException("Nobody released the isolate's thread.");
        }
    }
}

/// <summary>An isolate whose thread stands in a handler until the test releases it. Endpoint 0 holds, endpoint 1 returns its argument.</summary>
internal sealed class BusyIsolate : IAsyncDisposable
{
    private BusyIsolate(Isolate isolate, Task<AnswerKind> holding)
    {
        Isolate = isolate;
        Holding = holding;
    }

    internal Isolate Isolate { get; }

    /// <summary>How the call that holds the thread ends.</summary>
    internal Task<AnswerKind> Holding { get; }

    internal static async Task<BusyIsolate> StartAsync(IScriptEngineFactory factory, Held held)
    {
        var isolate = await Isolate.StartAsync(factory, new IsolateOptions
        {
            Runtime = new ScriptSource("runtime.js", RepositoryFiles.Runtime),
            Log = (_, message, _) =>
            {
                if (message == "hold")
                {
                    held.Stand();
                }
            },
        }).WaitAsync(EngineThread.Patience);
        var bundle = TestIsolate.Bundle(new Dictionary<string, string> { ["hold"] = "() => { say('hold') }", ["echo"] = "(request) => request" });
        await isolate.LoadAsync(bundle).WaitAsync(EngineThread.Patience);
        var holding = HoldAsync(isolate);
        await held.Reached.WaitAsync(EngineThread.Patience);
        return new BusyIsolate(isolate, holding);
    }

    public async ValueTask DisposeAsync() => await Isolate.DisposeAsync().AsTask().WaitAsync(EngineThread.Patience);

    private static async Task<AnswerKind> HoldAsync(Isolate isolate)
    {
        using var answer = await isolate.CallAsync(0, null);
        return answer.Kind;
    }
}
