using Bridge.Core.Operations;
using Bridge.Core.Isolates.Streams;
using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>
/// Runs turns: puts what waits into one text and the shared block, crosses, and takes the answers. Thread: the isolate's.
/// </summary>
internal sealed class TurnRunner
{
    private const string ScriptGlobal = "__encoreIsolate";
    private const string ContinuationGlobal = "__encoreContinuation";

    /// <summary>Timers that may run before calls and completions get their turn.</summary>
    private const int MaxTimersInARow = 64;

    // The longest the loop sleeps for a far timer; it then looks at the clock again, so that no timeout overflows.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);

    private readonly HostObject _host;
    private readonly OperationBytes _bytes;
    private readonly Action<string, Dictionary<int, byte[]>?> _startOperations;
    private readonly IsolateOptions _options;
    private readonly IsolateMemory _memory;
    private readonly IScriptEngine _engine;
    private readonly IScriptFunction _dispatch;
    private readonly IScriptFunction _settled;
    private readonly IScriptFunction _bindApplication;
    private readonly CallSlots _slots = new();
    private readonly List<int> _expired = [];
    private readonly TurnText _text = new();
    private long _handlerCalls;
    private long _turns;

    internal TurnRunner(
        IsolateScope scope, HostObject host, IsolateOptions options, OperationBytes bytes, Action<string, Dictionary<int, byte[]>?> startOperations)
    {
        _engine = scope.Engine;
        _host = host;
        _options = options;
        _bytes = bytes;
        _startOperations = startOperations;
        _engine.DefineHost(HostObject.GlobalName, host.Functions);
        _engine.DefineContinuationData(ContinuationGlobal);
        _engine.DefineTurnSink(HostObject.GlobalName, HostObject.FlushName, Flush);
        _memory = new IsolateMemory(_engine.ShareMemory(IsolateMemory.GlobalName, IsolateMemory.ByteLength));
        _memory.Clear();
        _engine.Execute(options.Runtime);
        _dispatch = _engine.GetFunction($"{ScriptGlobal}.dispatch");
        _settled = _engine.GetFunction($"{ScriptGlobal}.settled");
        _bindApplication = _engine.GetFunction($"{ScriptGlobal}.bindApplication");
        _engine.Execute(new ScriptSource("start.js", $"delete globalThis.{ScriptGlobal}"));
    }

    internal long HandlerCalls => Volatile.Read(ref _handlerCalls);

    internal long Turns => Volatile.Read(ref _turns);

    /// <summary>Whether the script has calls. Thread: any.</summary>
    internal bool HasCalls => _slots.HasCalls;

    internal bool TimersAreDue => _memory.NextTimer <= _host.Now;

    internal TimeSpan UntilNextTimer
    {
        get
        {
            var milliseconds = _memory.NextTimer - _host.Now;
            return double.IsInfinity(milliseconds) ? Timeout.InfiniteTimeSpan
                : milliseconds >= LongestSleep.TotalMilliseconds ? LongestSleep
                : TimeSpan.FromMilliseconds(Math.Max(Math.Ceiling(milliseconds), 0));
        }
    }

    internal void StartModule(ScriptSource source) => _engine.StartModule(source, _settled);

    /// <summary>Finds the handlers among what the application's modules export.</summary>
    /// <returns>What is missing, a line each; "" for nothing.</returns>
    internal string Bind(ApplicationBundle bundle) => _bindApplication.Invoke(ScriptValue.From(BindingSource.Of(bundle))).AsText();

    /// <summary>The request behind a call as JSON; "" where it is answered.</summary>
    internal string Describe(int slot) => _slots.Find(slot)?.Describe() ?? "";

    /// <summary>Milliseconds that are left for a call's answer; infinity where nothing limits it, 0 where it is answered.</summary>
    internal double Remaining(int slot) => _slots.Find(slot)?.Remaining(Environment.TickCount64) ?? 0;

    /// <summary>Ends the waits of calls whose time is up, and tells the script.</summary>
    internal void Expire()
    {
        _slots.Expire(Environment.TickCount64, _expired);
    }

    /// <summary>Runs everything that waits, in as many turns as it takes.</summary>
    internal void Run(IsolateScope scope, WorkItem? item)
    {
        do
        {
            RunTimers(scope);
            var count = 0;
            _text.Begin();
            AddExpired(ref count);
            while (item is not null && count < IsolateMemory.ItemCapacity)
            {
                var next = item.Next;
                item.Next = null;
                Add(item, ref count);
                item = next;
            }

            if (count > 0)
            {
                Cross(scope, count);
            }
        }
        while (item is not null || _expired.Count > 0);
    }

    /// <summary>Ends every call that has no answer.</summary>
    internal void LoseAll(WorkItem? item)
    {
        while (item is not null)
        {
            // Before the call is given away: from then on it may serve another isolate.
            var next = item.Next;
            if (item is HandlerCall call)
            {
                Drop(call);
            }
            else if (item is StreamInput input)
            {
                input.Release();
            }

            item = next;
        }

        _slots.GiveUpAll(Lose);
    }

    // The script runs one timer for each item, and a turn for each, since the microtasks of one timer run before the next timer.
    private void RunTimers(IsolateScope scope)
    {
        for (var ran = 0; ran < MaxTimersInARow && TimersAreDue; ran++)
        {
            var count = 0;
            _text.Begin();
            Put(ref count, ItemKind.Timers, 0, 0);
            _text.Add("null");
            Cross(scope, count);
        }
    }

    private static void Drop(HandlerCall call)
    {
        call.ReleasePayload();
        Lose(call);
    }

    private static void Lose(HandlerCall call)
    {
        Close(call);
        call.SetAnswer(new HandlerAnswer(AnswerKind.Lost, null, 0, 0));
        ThreadPool.UnsafeQueueUserWorkItem(static lost => lost.Complete(), call, preferLocal: false);
    }

    private void Add(WorkItem item, ref int count)
    {
        var slot = 0;
        switch (item)
        {
            case HandlerCall { IsDecided: true } gone:
                gone.ReleasePayload();
                gone.Complete();
                break;
            case HandlerCall call when !_slots.TryAdd(call, out slot):
                _options.Log(4, $"more than {CallSlots.Capacity} calls wait for their answers: a call was dropped", "");
                Drop(call);
                break;
            case HandlerCall call:
                _memory.SetCall(count++, slot, call);
                call.Stream?.Slot = slot;
                _text.Add(call.Payload is null ? default : call.Payload.Written);
                call.ReleasePayload();
                Volatile.Write(ref _handlerCalls, _handlerCalls + 1);
                break;
            case OperationCompletion { Succeeded: true } completion:
                var bytes = completion.Outcome.Bytes;
                if (bytes is not null)
                {
                    _bytes.Offer(completion.Id, bytes);
                }

                Put(ref count, ItemKind.Completed, completion.Id, bytes is null ? 0 : 1);
                _text.Add(completion.Outcome.Json);
                break;
            case OperationCompletion failure:
                Put(ref count, ItemKind.Failed, failure.Id, 0);
                _text.Add(failure.Outcome.Json);
                break;
            case CallCancellation { Call: { } left } when _slots.Find(left.Slot) == left:
                AddCanceled(ref count, left.Slot, timedOut: false);
                break;
            case StreamInput input:
                AddInput(input, ref count);
                break;
            case ControlItem control:
                control.Run();
                break;
        }
    }

    private void AddInput(StreamInput input, ref int count)
    {
        // A call that is over has no use for it.
        if (input.Stream is { Slot: not CallStream.NoSlot and var slot })
        {
            if (input.Kind == ItemKind.StreamCredit)
            {
                _memory.SetCredit(count++, slot, input.Detail, input.Units);
            }
            else
            {
                Put(ref count, input.Kind, slot, input.Detail);
            }

            _text.Add(input.Payload is null ? default : input.Payload.Written);
        }

        input.Release();
    }

    private static void Close(HandlerCall call) => call.Stream?.Slot = CallStream.NoSlot;

    private void AddExpired(ref int count)
    {
        foreach (var slot in _expired.Take(IsolateMemory.ItemCapacity))
        {
            AddCanceled(ref count, slot, timedOut: true);
        }

        _expired.RemoveRange(0, count);
    }

    private void AddCanceled(ref int count, int slot, bool timedOut)
    {
        Put(ref count, ItemKind.Canceled, slot, timedOut ? 1 : 0);
        _text.Add("null");
    }

    private void Put(ref int count, ItemKind kind, int id, int detail) => _memory.SetItem(count++, kind, id, detail);

    private void Cross(IsolateScope scope, int count)
    {
        _ = scope.Engine;
        Volatile.Write(ref _turns, _turns + 1);
        _memory.BeginTurn();
        try
        {
            _dispatch.Invoke(ScriptValue.From(_text.End()), ScriptValue.From(count));
            if (!_memory.TurnIsDone)
            {
                // An interrupt that comes as the engine leaves the script may end the microtasks and still not be reported.
                GiveUp("an interrupt");
            }
        }
        catch (Exception exception) when (exception is ScriptException or OperationCanceledException)
        {
            // The dispatcher catches what handlers throw: this is an interrupt, or the heap's limit.
            GiveUp(exception.Message);
        }
    }

    // Nobody knows how far the turn came, so no call inside the script can count on an answer.
    private void GiveUp(string reason)
    {
        _options.Log(4, $"the isolate's turn was ended: {reason}", "");
        _slots.GiveUpAll(Lose);
        _bytes.Forget();
    }

    private void Flush(int answerCount, ReadOnlySpan<char> answers, ReadOnlySpan<char> operations)
    {
        if (operations.Length > 0)
        {
            _startOperations(operations.ToString(), _bytes.TakeAttached());
        }

        if (answerCount == 0)
        {
            return;
        }

        var batch = AnswerBatch.Rent(answerCount);
        var ascii = batch.TakeAscii(answers);
        if (!ascii)
        {
            batch.ReserveUtf8(answers.Length);
        }

        var entries = _memory.Answers(answerCount);
        var read = 0;
        var written = 0;
        for (var i = 0; i < entries.Length; i += 3)
        {
            var length = entries[i + 2];
            var bytes = ascii ? length : batch.WriteUtf8(answers.Slice(read, length), written);
            read += length;
            var status = entries[i + 1];
            if (IsOfStream(status))
            {
                Accept(entries[i], status, length, batch, written, bytes);
            }
            else if (_slots.Take(entries[i]) is { } call)
            {
                Close(call);
                batch.Hold();
                call.SetAnswer(new HandlerAnswer((AnswerKind)status, batch, written, bytes));
                batch.Add(call);
            }

            written += bytes;
        }

        batch.HandOver();
    }

    // The kind stands in the low byte, a grant's count above it.
    private static bool IsOfStream(int status) => (status & 0xff) >= (int)StreamOutputKind.Opened;

    private void Accept(int id, int status, int units, AnswerBatch batch, int offset, int length)
    {
        if (_slots.Find(id)?.Stream is not { } stream)
        {
            return;
        }

        if (length > 0)
        {
            batch.Hold();
        }

        var output = StreamOutput.Rent((StreamOutputKind)(status & 0xff), status >> 8, units, length > 0 ? batch : null, offset, length);
        if (stream.Accept(output) is { } signal)
        {
            batch.Add(signal);
        }
    }
}
