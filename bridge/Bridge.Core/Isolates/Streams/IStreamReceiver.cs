namespace Bridge.Core.Isolates.Streams;

/// <summary>The host's end of a stream.</summary>
public interface IStreamReceiver
{
    /// <summary>
    /// There is something to take with <see cref="CallStream.TakeAll"/>. Thread: the loop that opened the stream, else the thread pool's; it
    /// must not block. Calls may overlap.
    /// </summary>
    void OnOutput();
}
