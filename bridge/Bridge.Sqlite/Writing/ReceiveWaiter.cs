using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>Somebody who waits for a subscription's messages.</summary>
/// <param name="subscription">The subscription's row.</param>
/// <param name="max">How many are wanted at most.</param>
/// <param name="leaseMs">For how long they are to be this process's.</param>
/// <param name="taken">Is told of messages before the waiter is, in the writer's thread.</param>
internal sealed class ReceiveWaiter(long subscription, int max, long leaseMs, Action<List<Lease>> taken)
{
    private readonly TaskCompletionSource<List<Lease>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isClaimed;

    /// <summary>The subscription's row.</summary>
    public long Subscription => subscription;

    /// <summary>How many are wanted at most.</summary>
    public int Max => max;

    /// <summary>For how long they are to be this process's.</summary>
    public long LeaseMs => leaseMs;

    /// <summary>Whether it has its messages or doesn't want any more.</summary>
    public bool IsOver => Volatile.Read(ref _isClaimed) == 1;

    /// <summary>Whoever succeeds may end it: the writer with messages, or the waiter by going away. So no message is given to nobody.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    /// <summary>Waits.</summary>
    public async Task<List<Lease>> WaitAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(GoAway, cancellation);
        return await _done.Task;
    }

    /// <summary>Gives it messages. It is claimed.</summary>
    public void Succeed(List<Lease> leases)
    {
        taken(leases);
        _done.SetResult(leases);
    }

    /// <summary>It can't have any. It is claimed.</summary>
    public void Fail(Exception error) => _done.SetException(error);

    private void GoAway(object? cancellation)
    {
        if (TryClaim())
        {
            _done.SetCanceled((CancellationToken)cancellation!);
        }
    }
}
