using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Bridge.Core.Buffers;

namespace Bridge.Core.Isolates;

/// <summary>
/// One call of a handler on its way through the isolate; pooled.
/// </summary>
/// <remarks>
/// Two sides hold it: the caller, until it has taken the result, and the isolate, until it has answered or dropped the call. It goes back to
/// the pool when both have let go. Whoever moves <c>_state</c> from <c>Waiting</c> decides the result; the other side's is discarded.
/// </remarks>
internal sealed class HandlerCall : WorkItem, IValueTaskSource<HandlerAnswer>
{
    private const int Waiting = 0;
    private const int Decided = 1;

    private static readonly ConcurrentQueue<HandlerCall> Pool = new();
    private static readonly Action<object?> CancelCallback = static state => ((HandlerCall)state!).Cancel();

    private ManualResetValueTaskSourceCore<HandlerAnswer> _source;
    private CancellationTokenRegistration _clientGone;
    private HandlerAnswer _answer;
    private int _state;
    private int _holders;

    private HandlerCall()
    {
    }

    /// <summary>The endpoint's id.</summary>
    internal int Endpoint { get; private set; }

    /// <summary>The parameters as JSON; the isolate returns it once it is read.</summary>
    internal PooledBuffer? Payload { get; private set; }

    /// <summary>The loop that made the call and completes it; null where the thread pool does.</summary>
    internal RequestLoop? Loop { get; private set; }

    /// <summary>Whether nobody waits any more.</summary>
    internal bool IsDecided => Volatile.Read(ref _state) != Waiting;

    internal ValueTask<HandlerAnswer> Task => new(this, _source.Version);

    internal static HandlerCall Rent(int endpoint, PooledBuffer? payload)
    {
        if (!Pool.TryDequeue(out var call))
        {
            call = new HandlerCall();
        }

        call.Endpoint = endpoint;
        call.Loop = RequestLoop.Current;
        call.Payload = payload;
        call._state = Waiting;
        call._holders = 2;
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
    internal void Complete()
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
            Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<HandlerAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<HandlerAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Decided, Waiting) == Waiting)
        {
            _source.SetResult(new HandlerAnswer(AnswerKind.Canceled, null, 0, 0));
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Pool.Enqueue(this);
        }
    }
}
