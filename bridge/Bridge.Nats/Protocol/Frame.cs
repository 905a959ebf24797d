namespace Bridge.Nats.Protocol;

/// <summary>What a server sends, one operation of the protocol.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Message">Of <see cref="FrameKind.Message"/>: what is delivered.</param>
/// <param name="Text">Of <see cref="FrameKind.Info"/>: its JSON; of <see cref="FrameKind.Error"/>: the error, without its quotes.</param>
internal readonly record struct Frame(FrameKind Kind, NatsMessage Message = default, string Text = "");

/// <summary>The operations a server sends.</summary>
internal enum FrameKind
{
    /// <summary>INFO: what the server is and asks for.</summary>
    Info,

    /// <summary>MSG or HMSG: a message of a subscription.</summary>
    Message,

    /// <summary>PING: it wants to know whether the client lives.</summary>
    Ping,

    /// <summary>PONG: it has dealt with all that came before the client's PING.</summary>
    Pong,

    /// <summary>+OK: sent to those that ask for it.</summary>
    Ok,

    /// <summary>-ERR: something is refused.</summary>
    Error,
}
