namespace Bridge.Core.Isolates;

/// <summary>
/// A thread that serves many requests in rounds: it takes what its sockets have, then what other threads left it, and starts over.
/// </summary>
/// <remarks>
/// Calls that are made on such a thread gather: the isolate is woken once, at the end of the round, for all of them. Their answers come back
/// to the thread that made them, all those of a turn at once. So both threads work on batches, and the more load, the fewer wake-ups.
/// </remarks>
public abstract class RequestLoop
{
    [ThreadStatic]
    private static RequestLoop? _current;

    // Invariant: filled and emptied on the loop's own thread.
    private readonly List<WorkQueue> _unwoken = [];
    private WorkItem? _newestAnswer;

    /// <summary>The loop whose thread this is; null on any other.</summary>
    public static RequestLoop? Current => _current;

    /// <summary>Whether answers wait for <see cref="CompleteAnswers"/>. Thread: any.</summary>
    protected bool HasAnswers => Volatile.Read(ref _newestAnswer) is not null;

    /// <summary>Makes the calling thread this loop's.</summary>
    protected void Enter() => _current = this;

    /// <summary>Ends a round: wakes the isolates that were given calls in it. Thread: the loop's.</summary>
    protected void EndRound()
    {
        foreach (var queue in _unwoken)
        {
            queue.Wake();
        }

        _unwoken.Clear();
    }

    /// <summary>Runs what waits for the answers that have come, on this thread. Thread: the loop's.</summary>
    protected void CompleteAnswers()
    {
        var answered = WorkItem.OldestFirst(Interlocked.Exchange(ref _newestAnswer, null));
        while (answered is not null)
        {
            // Before the call is given away: from then on it may serve another request.
            var next = answered.Next;
            answered.Next = null;
            ((LoopItem)answered).Complete();
            answered = next;
        }
    }

    /// <summary>Makes the loop begin a round, if it sleeps. Thread: any.</summary>
    protected internal abstract void Wake();

    /// <summary>Leaves the waking of a sleeping isolate to the end of the round. Thread: the loop's.</summary>
    internal void WakeLater(WorkQueue queue)
    {
        if (!_unwoken.Contains(queue))
        {
            _unwoken.Add(queue);
        }
    }

    /// <summary>Leaves an answered call, or a stream with news, for the loop, which the caller wakes afterwards. Thread: any.</summary>
    internal void Add(LoopItem call)
    {
        WorkItem? newest;
        do
        {
            newest = Volatile.Read(ref _newestAnswer);
            call.Next = newest;
        }
        while (Interlocked.CompareExchange(ref _newestAnswer, call, newest) != newest);
    }
}
