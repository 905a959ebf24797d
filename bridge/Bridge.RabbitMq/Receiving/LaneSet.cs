using Bridge.Core.PubSub;

namespace Bridge.RabbitMq.Receiving;

/// <summary>The lanes of an ordered subscription, shared with the other processes that read them. Thread: any.</summary>
/// <remarks>
/// The server lets the process read that came first, and only that. So that each has its part, a process that reads more lanes than its share leaves
/// some after a message to those that wait. Of those that wait the server says nothing; but all read the queue of messages without order.
/// </remarks>
/// <param name="lanes">All of them; none where the topic isn't ordered.</param>
/// <param name="rollCall">A queue that each process reads that reads the lanes.</param>
internal sealed class LaneSet(IReadOnlyList<Lane> lanes, string rollCall)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long _nextLook;
    private int _surplus;

    /// <summary>Reads those that aren't being read.</summary>
    /// <exception cref="BrokerException">A queue isn't there, or the connection is gone.</exception>
    internal async Task OpenAsync(CancellationToken cancellation)
    {
        Lane[] closed = [.. lanes.Where(lane => !lane.IsOpen)];
        if (closed.Length > 0)
        {
            await Task.WhenAll(closed.Select(lane => lane.OpenAsync(cancellation)));
        }
    }

    /// <summary>Reads none any more.</summary>
    internal Task CloseAsync() => Task.WhenAll(lanes.Select(lane => lane.CloseAsync()));

    /// <summary>A lane's message is dealt with.</summary>
    /// <exception cref="BrokerException">The channel is gone, and the message comes again.</exception>
    internal async Task AcknowledgeAsync(Lane lane, QueueReader reader, ulong tag)
    {
        if (await HasSurplusAsync(reader))
        {
            await lane.LeaveAsync(reader, tag);
        }
        else
        {
            await reader.AcknowledgeAsync(tag);
        }
    }

    private async ValueTask<bool> HasSurplusAsync(QueueReader reader)
    {
        lock (_lock)
        {
            if (_surplus > 0)
            {
                _surplus--;
                return true;
            }

            var now = Environment.TickCount64;
            if (now < _nextLook)
            {
                return false;
            }

            _nextLook = now + (long)BetweenLooks.TotalMilliseconds;
        }

        var processes = Math.Max(await reader.CountReadersAsync(rollCall), 1);
        var share = (lanes.Count + processes - 1) / processes;
        lock (_lock)
        {
            _surplus = lanes.Count(lane => lane.IsOurs) - share;
            return _surplus-- > 0;
        }
    }
}
