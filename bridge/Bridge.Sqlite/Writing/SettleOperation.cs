using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>Something that becomes of a message that this process has.</summary>
/// <param name="lease">The message.</param>
/// <param name="isDurable">Whether it has to outlast a power cut.</param>
internal abstract class SettleOperation(Lease lease, bool isDurable) : StoreOperation
{
    private readonly TaskCompletionSource _done = new();
    private bool _wasMine;

    /// <summary>Done once the file has it.</summary>
    public Task Done => _done.Task;

    /// <inheritdoc/>
    public override bool IsDurable => isDurable;

    /// <summary>The message.</summary>
    protected Lease Lease => lease;

    /// <inheritdoc/>
    public override void Execute(MessageStore store) => _wasMine = Settle(store);

    /// <inheritdoc/>
    public override void Complete(Exception? error)
    {
        if (error is not null)
        {
            // Thread: the writer's, which nobody may go on in.
            ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Done.SetException(failed.Error), (Done: _done, Error: error), preferLocal: false);
        }
        else if (_wasMine)
        {
            _done.SetResult();
        }
        else
        {
            _done.SetException(new BrokerException(
                $"message {lease.Message} was no longer this process's: its acknowledgement deadline had passed, or it was dealt with before",
                "Raise ackDeadline if the machine is that slow.",
                isTransient: false));
        }
    }

    /// <summary>Does it.</summary>
    /// <returns>Whether the message was still this process's.</returns>
    protected abstract bool Settle(MessageStore store);
}

/// <summary>A message is handled.</summary>
internal sealed class AcknowledgeOperation(Lease lease) : SettleOperation(lease, isDurable: true)
{
    /// <inheritdoc/>
    protected override bool Settle(MessageStore store) => store.Acknowledge(Lease);
}

/// <summary>A message is given up.</summary>
internal sealed class GiveUpOperation(Lease lease, DeadLetterReason reason) : SettleOperation(lease, isDurable: true)
{
    /// <inheritdoc/>
    protected override bool Settle(MessageStore store) => store.GiveUp(Lease, reason);
}

/// <summary>A message comes again.</summary>
internal sealed class PutBackOperation(Lease lease, TimeSpan delay, bool countsAttempt) : SettleOperation(lease, isDurable: false)
{
    /// <inheritdoc/>
    protected override bool Settle(MessageStore store) =>
        store.PutBack(Lease, (long)delay.TotalMilliseconds, countsAttempt ? Lease.Attempt : Lease.Attempt - 1);
}

/// <summary>A message's lease begins anew.</summary>
internal sealed class ExtendOperation(Lease lease, TimeSpan time) : SettleOperation(lease, isDurable: false)
{
    private long _before;

    /// <inheritdoc/>
    public override void Complete(Exception? error)
    {
        if (error is not null && _before != 0)
        {
            Lease.DueAt = _before;
        }

        base.Complete(error);
    }

    /// <inheritdoc/>
    protected override bool Settle(MessageStore store)
    {
        _before = Lease.DueAt;
        return store.Extend(Lease, (long)time.TotalMilliseconds);
    }
}
