namespace Bridge.Core.PubSub;

/// <summary>Takes a subscription's messages where its broker sends them by itself, each with an HTTP request of its own. Thread: any, many at a time.</summary>
/// <remarks>A request waits until its message has ended, and the answer says how: the broker sends the message again until that is well.</remarks>
public interface IPushReceiver
{
    /// <summary>By which its requests are told from others': the last part of their path.</summary>
    string Id { get; }

    /// <summary>Bytes that a request's body may have.</summary>
    int MaxBody { get; }

    /// <summary>Looks at who sent a request, before its body is read.</summary>
    /// <param name="authorization">The Authorization header; null where there is none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Why it isn't the broker, for the log; null where it is.</returns>
    /// <exception cref="BrokerException">That can't be found out now.</exception>
    ValueTask<string?> RefusalOfAsync(string? authorization, CancellationToken cancellation);

    /// <summary>Takes a message and waits for its end.</summary>
    /// <param name="body">The request's body; free once this returns.</param>
    /// <param name="gone">The broker has left, and hears no answer. The message's handler goes on.</param>
    Task<PushAnswer> ReceiveAsync(ReadOnlySpan<byte> body, CancellationToken gone);
}

/// <summary>What became of a message that the broker has sent.</summary>
/// <param name="Outcome">What it is told.</param>
/// <param name="Reason">Why, for people; "" where all is well.</param>
public readonly record struct PushAnswer(PushOutcome Outcome, string Reason)
{
    /// <summary>It has ended.</summary>
    public static PushAnswer Done => new(PushOutcome.Done, "");
}

/// <summary>What a broker is told of a message that it has sent.</summary>
public enum PushOutcome
{
    /// <summary>It is handled, or kept as a dead letter: it never comes again.</summary>
    Done,

    /// <summary>It comes again: its handler has failed.</summary>
    Failed,

    /// <summary>It comes again: as many messages as may be handled at a time are.</summary>
    Busy,

    /// <summary>It comes again: nobody handles messages here now.</summary>
    Away,

    /// <summary>It isn't what the broker sends.</summary>
    Malformed,
}
