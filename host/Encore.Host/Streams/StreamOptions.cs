namespace Encore.Host.Streams;

/// <summary>How streams are kept.</summary>
public sealed record StreamOptions
{
    /// <summary>Messages that a script may leave untaken before its client has to wait.</summary>
    public int WindowMessages { get; init; } = 64;

    /// <summary>Bytes of such messages.</summary>
    public int WindowBytes { get; init; } = 256 * 1024;

    /// <summary>How long a client may say nothing before it is asked whether it is there.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take over the answer, or receive nothing of what is sent to it, before it counts as gone.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an event stream may say nothing before it shows that it is there.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to close its side once the host has closed its own.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether messages are compressed for clients that want that.</summary>
    public bool Compresses { get; init; } = true;
}
