namespace Encore.Host.Streams;

/// <summary>What a side hasn't taken yet of what the other has sent it, in messages and bytes.</summary>
/// <remarks>
/// A script says how many it has taken only when asked, with a message that fills the window by half or more: one grant answers for many.
/// Thread: one adds, another grants.
/// </remarks>
/// <param name="options">How much may wait.</param>
internal sealed class MessageWindow(StreamOptions options)
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _sizes = new();
    private TaskCompletionSource? _room;
    private long _bytes;

    /// <summary>Messages that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sizes.Count;
            }
        }
    }

    /// <summary>Whether there is room for another message.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return !IsFull;
            }
        }
    }

    private bool IsFull => _sizes.Count >= options.WindowMessages || _bytes >= options.WindowBytes;

    /// <summary>A message goes to the other side.</summary>
    /// <returns>Whether it is to grant room once it has taken it.</returns>
    public bool Add(int bytes)
    {
        lock (_lock)
        {
            _sizes.Enqueue(bytes);
            _bytes += bytes;
            return _sizes.Count * 2 >= options.WindowMessages || _bytes * 2 >= options.WindowBytes;
        }
    }

    /// <summary>The other side has taken messages.</summary>
    public void Grant(int messages)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            for (var i = 0; i < messages && _sizes.TryDequeue(out var bytes); i++)
            {
                _bytes -= bytes;
            }

            if (!IsFull)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
    }

    /// <summary>Done when there is room for another message.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            return IsFull ? (_room ??= new TaskCompletionSource()).Task : Task.CompletedTask;
        }
    }

    /// <summary>Nothing is taken any more: whoever waits goes on.</summary>
    public void Open() => Grant(int.MaxValue);
}
