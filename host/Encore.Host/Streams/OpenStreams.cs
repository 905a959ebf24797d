using System.Collections.Concurrent;

namespace Encore.Host.Streams;

/// <summary>The streams that are open: looks after those that have gone quiet, and ends all of them when the host does.</summary>
/// <remarks>One timer for all of them: a quiet stream costs no more than its place in the list. Thread: any.</remarks>
internal sealed class OpenStreams : IDisposable
{
    // How often within the shortest of the intervals streams are looked at.
    private const int LooksPerInterval = 4;

    private readonly ConcurrentDictionary<StreamSession, byte> _sessions = new();
    private readonly Timer _timer;
    private volatile bool _isEnding;

    /// <param name="options">How streams are kept.</param>
    public OpenStreams(StreamOptions options)
    {
        Options = options;
        var shortest = new[] { options.PingInterval, options.PingTimeout, options.HeartbeatInterval, options.CloseTimeout }.Min();
        _timer = new Timer(static state => ((OpenStreams)state!).Look(), this, shortest / LooksPerInterval, shortest / LooksPerInterval);
    }

    /// <summary>How streams are kept.</summary>
    public StreamOptions Options { get; }

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>Adds one; it ends at once where the host does.</summary>
    public void Add(StreamSession session)
    {
        _sessions[session] = 0;
        if (_isEnding)
        {
            session.ShutDown();
        }
    }

    /// <summary>Takes one out that has ended.</summary>
    public void Remove(StreamSession session) => _sessions.TryRemove(session, out _);

    /// <summary>Tells all clients that the host goes away; they close their side, or are cut off.</summary>
    public void ShutDown()
    {
        _isEnding = true;
        foreach (var session in _sessions.Keys)
        {
            session.ShutDown();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Environment.TickCount64;
        foreach (var session in _sessions.Keys)
        {
            session.Look(now);
        }
    }
}
