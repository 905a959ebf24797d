namespace Bridge.Postgres.Queries;

/// <summary>Lets operations through in the order of their numbers, one at a time: 0, 1, 2, …</summary>
/// <remarks>Operations of a script start on many threads, so that the second may arrive before the first. Thread: any.</remarks>
internal sealed class SequenceGate
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];
    private int _next;

    /// <summary>Waits for the number's turn, which lasts until <see cref="Leave"/>.</summary>
    internal Task EnterAsync(int number)
    {
        lock (_gate)
        {
            if (number <= _next)
            {
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(number, turn);
            return turn.Task;
        }
    }

    /// <summary>Ends a turn.</summary>
    internal void Leave()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            _next++;
            _waiting.Remove(_next, out next);
        }

        next?.SetResult();
    }
}
