namespace Bridge.Core.Isolates;

/// <summary>Bytes that go with operations, each way, until the other side takes them. Thread: the isolate's.</summary>
internal sealed class OperationBytes
{
    private readonly Dictionary<int, byte[]> _incoming = [];
    private Dictionary<int, byte[]>? _outgoing;

    /// <summary>Keeps the bytes of an operation about to be flushed.</summary>
    internal void Attach(int operation, byte[] bytes) => (_outgoing ??= [])[operation] = bytes;

    /// <summary>Everything attached since the last flush; null for nothing.</summary>
    internal Dictionary<int, byte[]>? TakeAttached()
    {
        var attached = _outgoing;
        _outgoing = null;
        return attached;
    }

    /// <summary>Keeps the bytes that came with a completion.</summary>
    internal void Offer(int operation, byte[] bytes) => _incoming[operation] = bytes;

    /// <summary>Drops what the turn that brought it didn't take.</summary>
    internal void Forget() => _incoming.Clear();

    /// <summary>Takes them, once.</summary>
    /// <exception cref="InvalidOperationException">There are none, or they were taken.</exception>
    internal byte[] Take(int operation) =>
        _incoming.Remove(operation, out var bytes)
            ? bytes
            : throw new InvalidOperationException($"Operation {operation} has no bytes to take.");
}
