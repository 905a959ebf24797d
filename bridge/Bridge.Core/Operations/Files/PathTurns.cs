using System.Runtime.InteropServices;

namespace Bridge.Core.Operations.Files;

/// <summary>Has what is done to one path done one after the other; other paths don't wait for it. Thread: any.</summary>
public sealed class PathTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Does something when nobody else does something to the path.</summary>
    /// <param name="path">The path; two names of one file are two.</param>
    /// <param name="work">What is done, on the calling thread.</param>
    /// <returns>What it returns; what it throws comes through.</returns>
    public T Run<T>(string path, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var turn = Enter(path);
        try
        {
            lock (turn.Gate)
            {
                return work();
            }
        }
        finally
        {
            Leave(path, turn);
        }
    }

    private Turn Enter(string path)
    {
        lock (_lock)
        {
            ref var turn = ref CollectionsMarshal.GetValueRefOrAddDefault(_turns, path, out _);
            turn ??= new Turn();
            turn.Users++;
            return turn;
        }
    }

    private void Leave(string path, Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(path);
            }
        }
    }

    private sealed class Turn
    {
        public Lock Gate { get; } = new();

        // Guarded by the table's lock.
        public int Users { get; set; }
    }
}
