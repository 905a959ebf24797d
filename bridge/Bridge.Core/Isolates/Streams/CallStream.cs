using Bridge.Core.Buffers;

namespace Bridge.Core.Isolates.Streams;

/// <summary>
/// Messages between a client and the handler of one call, both ways, for as long as the call runs.
/// </summary>
/// <remarks>
/// What the client sends travels with the turns that carry calls, what the script sends with the flushes that carry answers: one crossing for
/// many messages of many streams. Both sides count what the other hasn't taken yet, so that neither queue grows without bound: the script
/// grants room for messages it has taken, the host credits those it has written.
/// </remarks>
public sealed class CallStream
{
    internal const int NoSlot = -1;

    private readonly WorkQueue _queue;
    private readonly IStreamReceiver _receiver;
    private readonly StreamSignal _signal;
    private StreamOutput? _newest;
    private HandlerCall? _call;
    private volatile bool _hasLeft;
    private volatile bool _isAbandoned;

    internal CallStream(WorkQueue queue, IStreamReceiver receiver, RequestLoop? loop)
    {
        _queue = queue;
        _receiver = receiver;
        _signal = new StreamSignal(this, loop);
    }

    /// <summary>The number by which the script knows the call; <see cref="NoSlot"/> before and afterwards. Thread: the isolate's.</summary>
    internal int Slot { get; set; } = NoSlot;

    /// <summary>
    /// Whether the script has said something that isn't taken yet. What it said before its answer is seen once the answer is there, also where
    /// the receiver isn't told yet: the two may travel by different threads. Thread: any.
    /// </summary>
    public bool HasOutput => Volatile.Read(ref _newest) is not null;

    /// <summary>Gives the script a message. Thread: any, one at a time.</summary>
    /// <param name="message">Normalised JSON. Ownership passes to the isolate.</param>
    /// <param name="asksForRoom">Whether the script is to say at once when it has taken this message, and with it how many.</param>
    public void Push(PooledBuffer message, bool asksForRoom) =>
        Push(StreamInput.Rent(this, ItemKind.StreamMessage, asksForRoom ? 1 : 0, payload: message));

    /// <summary>Nothing more comes from the client. Thread: any.</summary>
    /// <param name="isGone">Whether it can't be sent anything either.</param>
    public void EndInput(bool isGone) => Push(StreamInput.Rent(this, ItemKind.StreamEnd, isGone ? 1 : 0));

    /// <summary>Messages of the script's are written. Thread: any.</summary>
    /// <param name="messages">How many.</param>
    /// <param name="units">Their <see cref="StreamOutput.Units"/>.</param>
    public void Credit(int messages, int units) => Push(StreamInput.Rent(this, ItemKind.StreamCredit, messages, units));

    /// <summary>Everything that the script has said, oldest first; null for nothing. Thread: any, one at a time.</summary>
    public StreamOutput? TakeAll()
    {
        var newest = Interlocked.Exchange(ref _newest, null);
        StreamOutput? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    /// <summary>
    /// Nobody waits for the handler's answer any more, also where the call is yet to be made: one that hasn't reached JavaScript never does, and
    /// one that has is told. Thread: any.
    /// </summary>
    public void Leave()
    {
        _hasLeft = true;
        if (Interlocked.Exchange(ref _call, null) is { } call)
        {
            call.Cancel();
            call.Release();
        }
    }

    /// <summary>Nobody takes what the script says any more.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        Interlocked.Exchange(ref _call, null)?.Release();
        Drop();
    }

    /// <summary>The call is made, and held. Called once, before it is queued.</summary>
    internal void Attach(HandlerCall call)
    {
        Interlocked.Exchange(ref _call, call);
        if (_hasLeft)
        {
            Leave();
        }
    }

    /// <summary>Keeps what the script says until it is taken. Thread: the isolate's.</summary>
    /// <returns>What tells the receiver; null where it is told already.</returns>
    internal LoopItem? Accept(StreamOutput output)
    {
        StreamOutput? newest;
        do
        {
            newest = Volatile.Read(ref _newest);
            output.Next = newest;
        }
        while (Interlocked.CompareExchange(ref _newest, output, newest) != newest);

        if (_isAbandoned)
        {
            Drop();
            return null;
        }

        return _signal.TrySet() ? _signal : null;
    }

    private void Push(StreamInput input)
    {
        if (!_queue.Push(input))
        {
            input.Release();
        }
    }

    private void Drop()
    {
        var output = TakeAll();
        while (output is not null)
        {
            var next = output.Next;
            output.Dispose();
            output = next;
        }
    }

    /// <summary>Is on its way to the receiver at most once.</summary>
    private sealed class StreamSignal : LoopItem
    {
        private readonly CallStream _stream;
        private int _isSet;

        internal StreamSignal(CallStream stream, RequestLoop? loop)
        {
            _stream = stream;
            Loop = loop;
        }

        internal bool TrySet() => Interlocked.Exchange(ref _isSet, 1) == 0;

        internal override void Complete()
        {
            // Before the receiver looks: what comes from now on signals anew.
            Volatile.Write(ref _isSet, 0);
            Interlocked.MemoryBarrier();
            _stream._receiver.OnOutput();
        }
    }
}
