using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>The one thread that owns an engine: it creates it, runs the loop, and disposes it.</summary>
internal sealed class IsolateThread
{
    /// <summary>Script recursion needs more than a thread's usual 1.5 MiB before V8's own limit (about 1 MiB) may speak.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly Thread _thread;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IScriptEngine? _engine;

    /// <param name="create">Makes the engine, on the thread.</param>
    /// <param name="run">Prepares and runs until it is told to end; calls the action it is given once it is prepared.</param>
    internal IsolateThread(Func<IScriptEngine> create, Action<Action> run) =>
        _thread = new Thread(() => Run(create, run), StackBytes) { Name = "isolate", IsBackground = true };

    /// <summary>Done when the engine is there and prepared; faults with what prevented it.</summary>
    internal Task Started => _started.Task;

    /// <summary>Done when the thread is.</summary>
    internal Task Ended => _ended.Task;

    internal bool IsCurrent => Thread.CurrentThread == _thread;

    internal IScriptEngine Engine => _engine ?? throw new InvalidOperationException("The isolate hasn't started.");

    /// <summary>Begins, once the owner is ready to be called from the thread.</summary>
    internal void Start() => _thread.Start();

    private void Run(Func<IScriptEngine> create, Action<Action> run)
    {
        try
        {
            using var engine = create();
            _engine = engine;
            run(() => _started.TrySetResult());
        }
        catch (Exception exception)
        {
            // Justification: the root of a thread; the waiter learns of it.
            _started.TrySetException(exception);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
