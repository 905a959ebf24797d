using Bridge.Core.Scripting;

namespace Bridge.Engine.Tests;

/// <summary>Runs a test's body on a thread like the isolate's: one of its own, with a deep stack, and an engine that belongs to it.</summary>
internal static class EngineThread
{
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>Far more than any test needs, also on a busy machine; a test that reaches it has found something that hangs.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static Task RunAsync(IScriptEngineFactory factory, Action<IScriptEngine> body, int maxHeapMiB = 0) =>
        RunAsync(() =>
        {
            using var engine = factory.Create(new ScriptEngineOptions("test", maxHeapMiB));
            body(engine);
        });

    /// <summary>The same without an engine, for bodies that create their own.</summary>
    internal static async Task RunAsync(Action body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    body();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    // Justification: the root of a thread; the test rethrows it.
                    done.SetException(exception);
                }
            },
            StackBytes)
        { IsBackground = true, Name = "engine test" };
        thread.Start();
        await done.Task.WaitAsync(Patience);
    }
}
