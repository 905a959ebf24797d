using Bridge.Core.Buffers;
using Bridge.Core.Isolates.Streams;

namespace Bridge.Core.Isolates;

/// <summary>A call of a handler, as its caller makes it.</summary>
public readonly struct HandlerRequest
{
    /// <summary>In place of an endpoint's id: only the auth handler is asked, and its data is the answer.</summary>
    public const int AuthOnly = -1;

    /// <summary>The endpoint's id, or a subscription's (see <see cref="ApplicationBundle.Subscriptions"/>), or <see cref="AuthOnly"/>.</summary>
    public required int Endpoint { get; init; }

    /// <summary>
    /// The parameters, normalised JSON; null for none. Where <see cref="Authenticates"/> is set: an array of the auth handler's and those;
    /// where <see cref="BringsAuthData"/> is: an array of the auth data and those. Ownership passes to the isolate.
    /// </summary>
    public PooledBuffer? Payload { get; init; }

    /// <summary>Whether the auth handler decides first.</summary>
    public bool Authenticates { get; init; }

    /// <summary>Whether the caller knows who calls, so that no auth handler is asked: a call of another host of the application.</summary>
    public bool BringsAuthData { get; init; }

    /// <summary>The trace that the call belongs to.</summary>
    public CallTrace Trace { get; init; }

    /// <summary>Describes the request for scripts that ask; null where there is nothing to say.</summary>
    public ICallSource? Source { get; init; }

    /// <summary>The messages that travel while the call runs, of <see cref="Isolate.OpenStream"/>; null for none.</summary>
    public CallStream? Stream { get; init; }

    /// <summary>Whether the call may take as long as it likes.</summary>
    public bool HasNoDeadline { get; init; }
}

/// <summary>A trace and a span in it, as W3C Trace Context has them.</summary>
/// <param name="TraceId">128 bits; 0 for none.</param>
/// <param name="SpanId">64 bits.</param>
public readonly record struct CallTrace(UInt128 TraceId, ulong SpanId);

/// <summary>What a call was made for.</summary>
public interface ICallSource
{
    /// <summary>
    /// The request as JSON: <c>{"method","path","pathAndQuery","pathParams","headers","parentSpanId"?,"extCorrelationId"?}</c>.
    /// Thread: the isolate's, while the caller waits for the answer.
    /// </summary>
    string Describe();
}
