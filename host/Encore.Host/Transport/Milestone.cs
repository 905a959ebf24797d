namespace Encore.Host.Transport;

/// <summary>Something that happens once. It takes a task only where somebody waits for it before it has happened.</summary>
/// <remarks>A mutable struct: never in a readonly field. Thread: any, for all members.</remarks>
internal struct Milestone
{
    private static readonly TaskCompletionSource Reached = CreateReached();

    // What is to be told; Reached once it has happened.
    private TaskCompletionSource? _waiting;

    /// <summary>Whether it has happened.</summary>
    internal readonly bool IsReached => ReferenceEquals(Volatile.Read(in _waiting), Reached);

    /// <summary>It happens.</summary>
    /// <returns>Whether it hadn't before.</returns>
    internal bool Reach()
    {
        var waiting = Interlocked.Exchange(ref _waiting, Reached);
        waiting?.TrySetResult();
        return !ReferenceEquals(waiting, Reached);
    }

    /// <summary>Done when it has happened; what waits goes on elsewhere than where it happens.</summary>
    internal Task WaitAsync()
    {
        if (Volatile.Read(ref _waiting) is { } known)
        {
            return known.Task;
        }

        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _waiting, made, null) ?? made).Task;
    }

    private static TaskCompletionSource CreateReached()
    {
        var reached = new TaskCompletionSource();
        reached.SetResult();
        return reached;
    }
}
