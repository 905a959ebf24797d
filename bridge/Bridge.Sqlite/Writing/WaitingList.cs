using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>Those who wait for messages, and when the next is due for each subscription. Thread: the writer's.</summary>
internal sealed class WaitingList
{
    private const long Unknown = long.MinValue;

    private readonly Dictionary<long, Line> _lines = [];

    /// <summary>Adds one who waits.</summary>
    public void Add(ReceiveWaiter waiter)
    {
        if (!_lines.TryGetValue(waiter.Subscription, out var line))
        {
            _lines[waiter.Subscription] = line = new Line();
        }

        _ = line.HasWaiters;
        line.Waiters.Enqueue(waiter);
    }

    /// <summary>Takes note of messages that this process has given to subscriptions.</summary>
    public void Note(Dictionary<long, long> touched)
    {
        foreach (var (subscription, dueAt) in touched)
        {
            if (_lines.TryGetValue(subscription, out var line))
            {
                line.NextDue = Math.Min(line.NextDue, dueAt);
            }
        }

        touched.Clear();
    }

    /// <summary>Another process may have given messages to any.</summary>
    public void ForgetDueTimes()
    {
        foreach (var line in _lines.Values)
        {
            line.NextDue = Unknown;
        }
    }

    /// <summary>When the first message is due that somebody waits for; null where nobody waits.</summary>
    public long? FirstDue(MessageStore store)
    {
        long? first = null;
        foreach (var (subscription, line) in _lines)
        {
            if (line.HasWaiters)
            {
                line.NextDue = line.NextDue == Unknown ? store.NextDue(subscription) : line.NextDue;
                first = Math.Min(first ?? long.MaxValue, line.NextDue);
            }
        }

        return first;
    }

    /// <summary>Takes the messages that are due for those who wait, within a transaction.</summary>
    /// <param name="store">The file, after everything else that the transaction does.</param>
    /// <param name="served">Gets those who have something now; the caller tells them once it is safe.</param>
    public void Serve(MessageStore store, List<(ReceiveWaiter Waiter, List<Lease> Leases)> served)
    {
        foreach (var (subscription, line) in _lines)
        {
            // What was noted may have gone since: nobody is woken for nothing.
            while (line.NextDue <= store.Now && line.HasWaiters && (line.NextDue = store.NextDue(subscription)) <= store.Now && line.TryClaimNext(out var waiter))
            {
                // Listed before anything can fail: a claimed waiter always hears of its end.
                served.Add((waiter, []));
                served[^1].Leases.AddRange(store.TakeDue(subscription, waiter.Max, waiter.LeaseMs));
            }
        }
    }

    /// <summary>Ends all waits.</summary>
    public void FailAll(Exception error)
    {
        foreach (var line in _lines.Values)
        {
            while (line.TryClaimNext(out var waiter))
            {
                waiter.Fail(error);
            }

            line.NextDue = Unknown;
        }
    }

    private sealed class Line
    {
        public Queue<ReceiveWaiter> Waiters { get; } = new();

        public long NextDue { get; set; } = Unknown;

        /// <summary>Whether somebody still waits; those who left are dropped.</summary>
        public bool HasWaiters
        {
            get
            {
                while (Waiters.TryPeek(out var first) && first.IsOver)
                {
                    Waiters.Dequeue();
                }

                return Waiters.Count > 0;
            }
        }

        public bool TryClaimNext(out ReceiveWaiter waiter)
        {
            while (Waiters.TryDequeue(out waiter!))
            {
                if (waiter.TryClaim())
                {
                    return true;
                }
            }

            return false;
        }
    }
}
