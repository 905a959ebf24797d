using Bridge.Core.Decoding;
using Bridge.Core.Responses;
using Bridge.Core.Schema;

namespace Encore.Host.Streams;

/// <summary>What serving a stream needs besides what every endpoint does, compiled at start.</summary>
public sealed class StreamPlan
{
    private StreamPlan(Application application, EndpointSchema endpoint)
    {
        var stream = endpoint.Stream ?? new StreamSchema();
        Incoming = stream.HasIncoming ? MessagePlan.Compile(application, stream.Incoming, endpoint.Sensitive) : null;
        Outgoing = stream.HasOutgoing ? ResponsePlan.CompileMessage(application, stream.Outgoing) : null;
        Response = endpoint.HasResponse ? ResponsePlan.CompileMessage(application, endpoint.Response) : null;
        OnlySends = endpoint.Kind == EndpointKind.StreamOut;
    }

    /// <summary>Reads what the client sends; null where that is nothing.</summary>
    public MessagePlan? Incoming { get; }

    /// <summary>Writes what the handler sends; null where that is nothing.</summary>
    public ResponsePlan? Outgoing { get; }

    /// <summary>Writes what the handler answers at the end, as the last message; null where that is nothing.</summary>
    public ResponsePlan? Response { get; }

    /// <summary>Whether messages go to the client alone, so that it may take them as events.</summary>
    public bool OnlySends { get; }

    /// <summary>Whether an endpoint is a stream.</summary>
    public static bool IsStream(EndpointSchema endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Kind is EndpointKind.StreamIn or EndpointKind.StreamOut or EndpointKind.StreamInOut;
    }

    /// <summary>Compiles the plan of an endpoint; null where it is no stream.</summary>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static StreamPlan? Compile(Application application, EndpointSchema endpoint) =>
        IsStream(endpoint) ? new StreamPlan(application, endpoint) : null;
}
