namespace Bridge.Sqs.Queues;

/// <summary>
/// Messages of one group that came with one reception: the first is handled, the others wait here for it, since a group's messages keep their
/// order also where one has to be tried again. Thread: any.
/// </summary>
/// <remarks>SQS hands out no message of a group while another is out: there is one line of a group at a time.</remarks>
/// <param name="source">Who hands the messages out.</param>
internal sealed class GroupLine(SqsSource source)
{
    private readonly Lock _lock = new();
    private readonly Queue<SqsDelivery> _followers = new();
    private bool _isBroken;

    /// <summary>Adds the next message.</summary>
    public void Add(SqsDelivery delivery)
    {
        lock (_lock)
        {
            _followers.Enqueue(delivery);
        }
    }

    /// <summary>The message in front has ended well: the next one's turn.</summary>
    public void Advance()
    {
        SqsDelivery? next;
        lock (_lock)
        {
            if (!_followers.TryDequeue(out next))
            {
                return;
            }
        }

        _ = source.PromoteAsync(next);
    }

    /// <summary>The message in front comes again: so do all behind it.</summary>
    public void Break()
    {
        SqsDelivery[] followers;
        lock (_lock)
        {
            followers = _isBroken ? [] : [.. _followers];
            _followers.Clear();
            _isBroken = true;
        }

        source.GiveBack(followers);
    }

    /// <summary>The message in front takes its time: others' leases begin anew with its own.</summary>
    public Task HoldFollowersAsync(CancellationToken cancellation)
    {
        SqsDelivery[] followers;
        lock (_lock)
        {
            followers = [.. _followers];
        }

        return Task.WhenAll(followers.Select(follower => follower.HoldAsync(cancellation)));
    }
}
