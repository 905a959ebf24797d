using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates.Streams;

namespace Bridge.Core.Isolates;

/// <summary>
/// One call of a handler on its way through the isolate; pooled.
/// </summary>
/// <remarks>
/// Two sides hold it: the caller, until it has taken the result, and the isolate, until it has answered or dropped the call. A stream is a third,
/// until it has ended the wait or is abandoned. It goes back to the pool when all have let go. Whoever moves <c>_state</c> from <c>Waiting</c> decides the result; the other side's is discarded.
/// </remarks>
internal sealed class HandlerCall : LoopItem, IValueTaskSource<HandlerAnswer>
{
    private const int Waiting = 0;
    private const int Decided = 1;

    private static readonly ConcurrentQueue<HandlerCall> Pool = new();
    private static readonly Action<object?> CancelCallback = static state => ((HandlerCall)state!).Cancel();

    private ManualResetValueTaskSourceCore<HandlerAnswer> _source;
    private readonly Lock _asking = new();
    private CancellationTokenRegistration _clientGone;
    private HandlerAnswer _answer;
    private ICallSource? _caller;
    private WorkQueue? _queue;
    private long _deadline;
    private int _state;
    private int _holders;

    private HandlerCall()
    {
    }

    /// <summary>The endpoint's id, or <see cref="HandlerRequest.AuthOnly"/>.</summary>
    internal int Endpoint { get; private set; }

    /// <summary>What holds of the call besides its endpoint.</summary>
    internal CallFlags Flags { get; private set; }

    /// <summary>The trace that the call belongs to.</summary>
    internal CallTrace Trace { get; private set; }

    /// <summary>The number that the script knows the call by, once it does. Thread: the isolate's.</summary>
    internal int Slot { get; set; }

    /// <summary>Tells one use of this object from the next.</summary>
    internal int Use { get; private set; }

    /// <summary>The parameters as JSON; the isolate returns it once it is read.</summary>
    internal PooledBuffer? Payload { get; private set; }

    /// <summary>The messages that travel while the call runs; null for a call without.</summary>
    internal CallStream? Stream { get; private set; }

    /// <summary>Whether nobody waits any more.</summary>
    internal bool IsDecided => Volatile.Read(ref _state) != Waiting;

    internal ValueTask<HandlerAnswer> Task => new(this, _source.Version);

    /// <summary>Takes a call from the pool.</summary>
    /// <param name="request">What it is for.</param>
    /// <param name="queue">The isolate's, for news of the call.</param>
    /// <param name="deadline">When its time is up, in ticks of <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/> for never.</param>
    internal static HandlerCall Rent(in HandlerRequest request, WorkQueue queue, long deadline)
    {
        if (!Pool.TryDequeue(out var call))
        {
            call = new HandlerCall();
        }

        call.Endpoint = request.Endpoint;
        call.Flags = (request.Authenticates ? CallFlags.Authenticates : CallFlags.None) | (request.BringsAuthData ? CallFlags.BringsAuthData : CallFlags.None);
        call.Trace = request.Trace;
        call.Use++;
        call._caller = request.Source;
        call.Stream = request.Stream;
        call._queue = queue;
        call._deadline = deadline;
        call.Loop = RequestLoop.Current;
        call.Payload = request.Payload;
        call._state = Waiting;
        call._holders = request.Stream is null ? 2 : 3;
        call._source.Reset();
        return call;
    }

    /// <summary>Ends the wait when the client leaves. Called before the call is queued.</summary>
    internal void CancelWith(CancellationToken clientGone)
    {
        if (clientGone.CanBeCanceled)
        {
            _clientGone = clientGone.UnsafeRegister(CancelCallback, this);
        }
    }

    /// <summary>Returns the payload's buffer. Thread: the isolate's.</summary>
    internal void ReleasePayload()
    {
        Payload?.Dispose();
        Payload = null;
    }

    /// <summary>Keeps the answer until <see cref="Complete"/>. Thread: the isolate's.</summary>
    internal void SetAnswer(HandlerAnswer answer) => _answer = answer;

    /// <summary>Gives the caller its answer, or the bytes back where the caller has left. Ends the isolate's hold.</summary>
    internal override void Complete()
    {
        var answer = _answer;
        _answer = default;
        if (Interlocked.CompareExchange(ref _state, Decided, Waiting) == Waiting)
        {
            _source.SetResult(answer);
        }
        else
        {
            answer.Dispose();
        }

        Release();
    }

    HandlerAnswer IValueTaskSource<HandlerAnswer>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _clientGone.Dispose();
            _clientGone = default;
            _caller = null;
            Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<HandlerAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<HandlerAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>The request behind the call as JSON; "" where nobody waits for it any more. Thread: the isolate's.</summary>
    internal string Describe()
    {
        // Whoever gives the call up takes this lock first: until then the caller's request is there to be read.
        lock (_asking)
        {
            return IsDecided || _caller is null ? "" : _caller.Describe();
        }
    }

    /// <summary>The time left for an answer in milliseconds, never negative; infinity for no limit.</summary>
    internal double Remaining(long now) => _deadline == long.MaxValue ? double.PositiveInfinity : Math.Max(_deadline - now, 0);

    /// <summary>Ends the wait of a call whose time is up. Thread: the isolate's.</summary>
    /// <returns>Whether this is what ended it.</returns>
    internal bool Expire(long now)
    {
        if (now < _deadline || !Decide())
        {
            return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static call => call._source.SetResult(new HandlerAnswer(AnswerKind.TimedOut, null, 0, 0)), this, preferLocal: false);
        return true;
    }

    /// <summary>Ends the wait: nobody is there to be answered. Thread: any that holds the call.</summary>
    internal void Cancel()
    {
        var (queue, use) = (_queue, Use);
        if (Decide())
        {
            queue?.Push(new CallCancellation(this, use));
            _source.SetResult(new HandlerAnswer(AnswerKind.Canceled, null, 0, 0));
        }
    }

    /// <summary>One of the holders lets go.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Stream = null;
            Pool.Enqueue(this);
        }
    }

    private bool Decide()
    {
        lock (_asking)
        {
            return Interlocked.CompareExchange(ref _state, Decided, Waiting) == Waiting;
        }
    }
}

/// <summary>What holds of a call besides its endpoint; the values are those of <c>CallFlag</c> in <c>ts-sdk/src/internal/layout.ts</c>.</summary>
[Flags]
internal enum CallFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The request brought credentials: the auth handler decides first.</summary>
    Authenticates = 1,

    /// <summary>Who calls is known already.</summary>
    BringsAuthData = 2,
}
