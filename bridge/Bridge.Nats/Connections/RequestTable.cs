namespace Bridge.Nats.Connections;

/// <summary>The requests of one session whose answers are still to come, by number. Thread: any.</summary>
internal sealed class RequestTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, PendingRequest> _requests = [];
    private Exception? _end;
    private long _last;

    /// <summary>Adds a request.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="Exception">That by which the session has ended.</exception>
    internal long Add(PendingRequest request)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                throw _end;
            }

            _requests.Add(++_last, request);
            return _last;
        }
    }

    /// <summary>Takes the request that an answer is for; null where nobody waits for it.</summary>
    internal PendingRequest? Take(long number)
    {
        lock (_lock)
        {
            return _requests.Remove(number, out var request) ? request : null;
        }
    }

    /// <summary>Ends a request that nobody waits for any longer.</summary>
    internal void Cancel(long number, CancellationToken cancellation) => Take(number)?.FailLater(new OperationCanceledException(cancellation));

    /// <summary>Ends the requests to a subject.</summary>
    /// <returns>Whether there were any.</returns>
    internal bool Fail(ReadOnlySpan<byte> subject, Exception error)
    {
        List<PendingRequest> failed = [];
        lock (_lock)
        {
            foreach (var (number, request) in _requests)
            {
                if (request.Subject.Span.SequenceEqual(subject))
                {
                    _requests.Remove(number);
                    failed.Add(request);
                }
            }
        }

        failed.ForEach(request => request.FailLater(error));
        return failed.Count > 0;
    }

    /// <summary>Ends all, now and from now on.</summary>
    internal void End(Exception error)
    {
        List<PendingRequest> failed;
        lock (_lock)
        {
            _end ??= error;
            failed = [.. _requests.Values];
            _requests.Clear();
        }

        failed.ForEach(request => request.FailLater(error));
    }
}
