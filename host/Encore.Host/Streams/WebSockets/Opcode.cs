namespace Encore.Host.Streams.WebSockets;

/// <summary>Kinds of frames (RFC 6455, section 5.2).</summary>
internal static class Opcode
{
    /// <summary>Goes on with a message.</summary>
    public const int Continuation = 0;

    /// <summary>Begins a message of text.</summary>
    public const int Text = 1;

    /// <summary>Begins a message of bytes.</summary>
    public const int Binary = 2;

    /// <summary>Ends the stream.</summary>
    public const int Close = 8;

    /// <summary>Asks for a pong.</summary>
    public const int Ping = 9;

    /// <summary>Answers a ping.</summary>
    public const int Pong = 10;
}
