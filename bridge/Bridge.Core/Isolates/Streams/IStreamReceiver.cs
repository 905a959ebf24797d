namespace Bridge.Core.Isolates.Streams;

/// <summary>The host's end of a stream.</summary>
public interface IStreamReceiver
{
    /// <summary>
    /// There is something to take with <see cref="CallStream.TakeAll"/>. Thread: the stream's loop, or the thread pool's where it has none; it
    /// must not block. Calls may overlap.
    /// </summary>
    void OnOutput();
}
