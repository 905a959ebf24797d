using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates.Streams;
using Bridge.Core.Operations;
using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>
/// The application's isolate: one engine on one thread, entered in turns.
/// </summary>
/// <remarks>
/// Many threads post calls and completions; the thread drains them, crosses once into the script with all of them, and gets all answers back
/// in one crossing before that call returns. Answers are completed on the thread pool, so that the isolate does nothing but run handlers.
/// </remarks>
public sealed class Isolate : IAsyncDisposable
{
    // What a script in the middle of a turn is left when the isolate ends.
    private static readonly TimeSpan LastTurnPatience = TimeSpan.FromSeconds(1);

    private readonly IsolateOptions _options;
    private readonly WorkQueue _queue = new();
    private readonly OperationBytes _bytes = new();
    private readonly OperationTable _operations;
    private readonly HostObject _host;
    private readonly IsolateThread _thread;
    private readonly HandlerDeadlines _deadlines;
    private TurnRunner? _turns;
    private TaskCompletionSource<string>? _loading;
    private bool _ending;
    private bool _disposed;

    private Isolate(IScriptEngineFactory factory, IsolateOptions options)
    {
        _options = options;
        _operations = new OperationTable(options.Operations, Report);
        _host = new HostObject(
            options, _bytes, error => _loading?.TrySetResult(error), slot => _turns?.Describe(slot) ?? "", slot => _turns?.Remaining(slot) ?? 0);
        _deadlines = new HandlerDeadlines(
            options.HandlerDeadline, () => _turns?.HasCalls == true, () => _queue.Push(new ControlItem(() => _turns?.Expire())));
        _thread = new IsolateThread(() => factory.Create(new ScriptEngineOptions("application", options.MaxHeapMiB)), Run);
    }

    /// <summary>Calls that have reached JavaScript since the start. Thread: any.</summary>
    public long HandlerCalls => _turns?.HandlerCalls ?? 0;

    /// <summary>Turns so far: crossings into the script. Thread: any.</summary>
    public long Turns => _turns?.Turns ?? 0;

    /// <summary>Done when the isolate is, whether it was disposed or failed; calls are answered by <see cref="AnswerKind.Lost"/> from then on.</summary>
    public Task Ended => _thread.Ended;

    private TurnRunner Ready => _turns ?? throw new InvalidOperationException("The isolate hasn't started.");

    /// <summary>Starts the thread, creates the engine on it and runs the runtime script.</summary>
    /// <exception cref="ScriptException">The runtime script failed.</exception>
    public static async Task<Isolate> StartAsync(IScriptEngineFactory factory, IsolateOptions options)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(options);
        var isolate = new Isolate(factory, options);
        isolate._thread.Start();
        await isolate._thread.Started.ConfigureAwait(false);
        return isolate;
    }

    /// <summary>Runs the application's module, waits for its top-level awaits, and finds its handlers.</summary>
    /// <exception cref="ScriptException">The module threw, or lacks a handler that its schema names.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or was interrupted.</exception>
    /// <exception cref="ObjectDisposedException">The isolate ended.</exception>
    public async Task LoadAsync(ApplicationBundle bundle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var loading = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loading = loading;
        var error = await OnThreadAsync(loading, () => Ready.StartModule(bundle.Source), cancellation).ConfigureAwait(false);
        if (error.Length > 0)
        {
            throw ModuleError(error);
        }

        _host.CallScripts = bundle.CallScripts;
        var binding = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = await OnThreadAsync(binding, () => binding.TrySetResult(Ready.Bind(bundle)), cancellation).ConfigureAwait(false);
        if (missing.Length > 0)
        {
            throw new ScriptException(missing, "");
        }
    }

    /// <summary>Calls a handler. Thread: any.</summary>
    /// <param name="endpoint">The endpoint's id.</param>
    /// <param name="payload">Its parameters, normalised JSON; null for none. Ownership passes to the isolate.</param>
    /// <param name="clientGone">Ends the wait; a call that hasn't reached JavaScript by then never does.</param>
    public ValueTask<HandlerAnswer> CallAsync(int endpoint, PooledBuffer? payload, CancellationToken clientGone = default) =>
        CallAsync(new HandlerRequest { Endpoint = endpoint, Payload = payload }, clientGone);

    /// <summary>Calls a handler. Thread: any.</summary>
    /// <param name="request">The call.</param>
    /// <param name="clientGone">Ends the wait; a call that hasn't reached JavaScript by then never does, and one that has is told.</param>
    public ValueTask<HandlerAnswer> CallAsync(in HandlerRequest request, CancellationToken clientGone = default)
    {
        var call = HandlerCall.Rent(request, _queue, request.HasNoDeadline ? long.MaxValue : _deadlines.Next());
        var task = call.Task;
        call.CancelWith(clientGone);
        request.Stream?.Attach(call);
        if (!_queue.Push(call))
        {
            call.ReleasePayload();
            call.SetAnswer(new HandlerAnswer(AnswerKind.Lost, null, 0, 0));
            call.Complete();
        }

        return task;
    }

    /// <summary>Makes a stream for one call, whose <see cref="HandlerRequest.Stream"/> it is to be. Thread: any.</summary>
    /// <param name="receiver">Learns of what the script says.</param>
    /// <param name="loop">Where it learns of it; null for the thread pool.</param>
    public CallStream OpenStream(IStreamReceiver receiver, RequestLoop? loop) => new(_queue, receiver, loop);

    /// <summary>Ends the running script, also an endless loop, and with it the turn. Thread: any.</summary>
    public void Interrupt()
    {
        try
        {
            _thread.Engine.Interrupt();
        }
        catch (ObjectDisposedException)
        {
            // The isolate ended meanwhile, and the script with it.
        }
    }

    /// <summary>
    /// Ends the thread; calls without an answer end as <see cref="AnswerKind.Lost"/>. A script that doesn't come to an end by itself is
    /// interrupted.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Push(new ControlItem(() => _ending = true));
        while (await Task.WhenAny(_thread.Ended, Task.Delay(LastTurnPatience)).ConfigureAwait(false) != _thread.Ended)
        {
            Interrupt();
        }

        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _operations.Dispose();
            _deadlines.Dispose();
        }
    }

    private static ScriptException ModuleError(string json)
    {
        using var description = JsonDocument.Parse(json);
        var error = description.RootElement;
        return new ScriptException($"{error.GetProperty("name").GetString()}: {error.GetProperty("message").GetString()}", error.GetProperty("stack").GetString() ?? "");
    }

    private static void Attempt(TaskCompletionSource<string> result, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            // Justification: the loop must go on; the waiter learns of it.
            result.TrySetException(exception);
        }
    }

    private async Task<string> OnThreadAsync(TaskCompletionSource<string> result, Action action, CancellationToken cancellation)
    {
        _queue.Push(new ControlItem(() => Attempt(result, action)));
        await Task.WhenAny(result.Task, _thread.Ended).WaitAsync(cancellation).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(!result.Task.IsCompleted, this);
        return await result.Task.ConfigureAwait(false);
    }

    private void Run(Action started)
    {
        var turns = new TurnRunner(new IsolateScope(_thread), _host, _options, _bytes, _operations.Start);
        _turns = turns;
        started();
        try
        {
            RunTurns(turns);
        }
        catch (Exception exception)
        {
            // Justification: the isolate's loop. Whatever ended it, nobody may wait for an answer that can't come.
            _options.Log(4, $"the isolate ended: {exception}", "");
        }

        turns.LoseAll(_queue.Close());
    }

    private void RunTurns(TurnRunner turns)
    {
        while (!_ending)
        {
            var scope = new IsolateScope(_thread);
            var item = _queue.TakeAll();
            if (item is null && !turns.TimersAreDue)
            {
                _queue.Wait(turns.UntilNextTimer);
                continue;
            }

            turns.Run(scope, item);
        }
    }

    private void Report(int operation, bool succeeded, OperationOutcome outcome) =>
        _queue.Push(new OperationCompletion(operation, succeeded, outcome));
}
