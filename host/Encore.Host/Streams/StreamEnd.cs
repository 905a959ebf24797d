using Encore.Host.Http;

namespace Encore.Host.Streams;

/// <summary>How a stream ends, whichever way it travels.</summary>
/// <param name="Code">The close code of a WebSocket (RFC 6455, section 7.4.1).</param>
/// <param name="Reason">What the client learns of it; "" for nothing.</param>
/// <param name="Error">Of a failure: the error; null for any other end.</param>
internal sealed record StreamEnd(int Code, string Reason, ErrorAnswer? Error = null)
{
    /// <summary>All was said.</summary>
    public const int Normal = 1000;

    /// <summary>The host shuts down.</summary>
    public const int GoingAway = 1001;

    /// <summary>What came breaks the protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>A kind of message that isn't taken: binary.</summary>
    public const int UnsupportedData = 1003;

    /// <summary>A close frame without a code; never sent.</summary>
    public const int NoCode = 1005;

    /// <summary>A message that isn't UTF-8, or not what the stream's type says.</summary>
    public const int InvalidMessage = 1007;

    /// <summary>Whoever opens the stream may not.</summary>
    public const int PolicyViolation = 1008;

    /// <summary>A message above the endpoint's limit.</summary>
    public const int TooLarge = 1009;

    /// <summary>The handler failed.</summary>
    public const int HandlerFailed = 1011;

    /// <summary>Whether what the script said before it isn't sent any more.</summary>
    public bool DropsMessages { get; init; }

    /// <summary>What the handler threw, where <see cref="Error"/> is of that; null for anything else.</summary>
    public HandlerError? Thrown { get; init; }

    /// <summary>Whether it comes after all that was said before, however long the other side takes over that.</summary>
    public bool WaitsForRoom => !DropsMessages && Code != GoingAway;

    /// <summary>The handler has returned, or closed the stream.</summary>
    public static StreamEnd Done { get; } = new(Normal, "");

    /// <summary>The host shuts down.</summary>
    public static StreamEnd ShuttingDown { get; } = new(GoingAway, "the application is shutting down");

    /// <summary>What the client sent ends the stream.</summary>
    public static StreamEnd Refused(int code, string reason) => new(code, reason) { DropsMessages = true };

    /// <summary>The handler failed.</summary>
    public static StreamEnd Failed(ErrorAnswer error, HandlerError? thrown = null) => new(HandlerFailed, error.Message, error) { Thrown = thrown };
}
