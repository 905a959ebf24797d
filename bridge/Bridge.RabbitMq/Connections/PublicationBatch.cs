namespace Bridge.RabbitMq.Connections;

/// <summary>What becomes of messages that were published together. Thread: any.</summary>
internal sealed class PublicationBatch
{
    private readonly Lock _lock = new();
    private readonly Exception?[] _errors;
    private readonly bool[] _hasEnded;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <param name="count">How many they are.</param>
    internal PublicationBatch(int count)
    {
        (_errors, _hasEnded, _open) = (new Exception?[count], new bool[count], count);
        if (count == 0)
        {
            _ended.SetResult();
        }
    }

    /// <summary>Done once all have ended.</summary>
    internal Task WhenEndedAsync() => _ended.Task;

    /// <summary>One has ended; what is said of it later doesn't count.</summary>
    /// <param name="index">Which.</param>
    /// <param name="error">What went wrong; null where the server has it.</param>
    internal void End(int index, Exception? error)
    {
        lock (_lock)
        {
            if (_hasEnded[index])
            {
                return;
            }

            (_hasEnded[index], _errors[index]) = (true, error);
            if (--_open > 0)
            {
                return;
            }
        }

        _ended.TrySetResult();
    }

    /// <summary>All from one on that haven't ended end alike.</summary>
    internal void EndFrom(int start, Exception error)
    {
        for (var index = start; index < _errors.Length; index++)
        {
            End(index, error);
        }
    }

    /// <summary>Of each what went wrong; null where the server has it. All have ended.</summary>
    internal Exception?[] Errors()
    {
        lock (_lock)
        {
            return _errors;
        }
    }
}
