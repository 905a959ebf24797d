using Bridge.Core.PubSub;

namespace Bridge.Postgres.PubSub;

/// <summary>Messages that one caller publishes, and what has become of them.</summary>
internal sealed class PublishCall(int count)
{
    private readonly TaskCompletionSource<PublishResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PublishResult[] _results = new PublishResult[count];
    private int _open = count;

    /// <summary>What became of each.</summary>
    internal Task<PublishResult[]> Done => _done.Task;

    /// <summary>Why one wasn't taken: those after it aren't taken either, so that none overtakes it. Null while all go well.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Whether nobody waits any more. What hasn't begun isn't published.</summary>
    internal CancellationToken Cancellation { get; init; }

    /// <summary>Notes a message's end. Thread: the one that publishes.</summary>
    internal void End(int index, PublishResult result)
    {
        _results[index] = result;
        Failure ??= result.Error;
        if (--_open == 0)
        {
            _done.TrySetResult(_results);
        }
    }
}

/// <summary>One message of a call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Topic">The topic's number.</param>
/// <param name="Retention">How long the topic remembers a deduplication id.</param>
/// <param name="Key">Of an ordered topic's message with a key.</param>
/// <param name="Body">A copy of the caller's.</param>
/// <param name="Attributes">As the column holds them.</param>
/// <param name="Deduplication">The id it is known again by.</param>
/// <param name="DeliverAt">Not before; null for at once.</param>
internal sealed record PublishItem(
    PublishCall Call, int Index, int Topic, TimeSpan Retention, Guid? Key, byte[] Body, byte[]? Attributes, Guid? Deduplication, DateTime? DeliverAt)
{
    /// <summary>Whether the topic keeps an order.</summary>
    internal bool IsOrdered { get; init; }
}
