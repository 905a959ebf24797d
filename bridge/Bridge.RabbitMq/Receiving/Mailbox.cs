namespace Bridge.RabbitMq.Receiving;

/// <summary>A message that came, with the channel that holds it.</summary>
/// <param name="Reader">The channel.</param>
/// <param name="Lane">The lane that the channel reads; null for the queue of messages without order.</param>
/// <param name="Message">The message.</param>
internal readonly record struct Mail(QueueReader Reader, Lane? Lane, Received Message);

/// <summary>The messages that came and that nobody has taken yet. Thread: any.</summary>
internal sealed class Mailbox
{
    private readonly Lock _lock = new();
    private readonly Queue<Mail> _waiting = [];
    private TaskCompletionSource _news = NewNews();

    // Invariant: while it is set, nothing waits here.
    private bool _isClosed;

    /// <summary>Whether it takes nothing.</summary>
    internal bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Adds a message.</summary>
    /// <returns>False where the mailbox is closed, or the message's channel gone.</returns>
    internal bool TryAdd(Mail mail)
    {
        lock (_lock)
        {
            if (_isClosed || mail.Reader.HasEnded)
            {
                return false;
            }

            _waiting.Enqueue(mail);
            _news.TrySetResult();
            return true;
        }
    }

    /// <summary>Takes the oldest.</summary>
    internal List<Mail> Take(int max)
    {
        var taken = new List<Mail>();
        lock (_lock)
        {
            while (taken.Count < max && _waiting.TryDequeue(out var mail))
            {
                taken.Add(mail);
            }
        }

        return taken;
    }

    /// <summary>Drops what a channel brought that is gone: the server gives it to others.</summary>
    internal void Drop(QueueReader reader)
    {
        lock (_lock)
        {
            reader.HasEnded = true;
            for (var left = _waiting.Count; left > 0; left--)
            {
                var mail = _waiting.Dequeue();
                if (mail.Reader != reader)
                {
                    _waiting.Enqueue(mail);
                }
            }

            _news.TrySetResult();
        }
    }

    /// <summary>Takes messages from now on.</summary>
    internal void Open()
    {
        lock (_lock)
        {
            _isClosed = false;
        }
    }

    /// <summary>Takes no more messages.</summary>
    /// <returns>What waited.</returns>
    internal List<Mail> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            List<Mail> waited = [.. _waiting];
            _waiting.Clear();
            return waited;
        }
    }

    /// <summary>Ends with the next message, or the next reason to look.</summary>
    internal Task NextNewsAsync()
    {
        lock (_lock)
        {
            if (_news.Task.IsCompleted)
            {
                _news = NewNews();
            }

            return _news.Task;
        }
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
