using Bridge.Core.Decoding;
using Bridge.Core.Responses;
using Bridge.Core.Responses.Checking;
using Encore.Host.Streams;

namespace Encore.Host.Http;

/// <summary>An endpoint under one of its methods: all that serving a request needs, compiled at start.</summary>
public sealed class EndpointRoute
{
    /// <summary>The endpoint's id in the application's schema and in the isolate.</summary>
    public required int Id { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The endpoint's name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Whether clients may call it.</summary>
    public required bool IsExposed { get; init; }

    /// <summary>Whether only authenticated callers may.</summary>
    public bool NeedsAuth { get; init; }

    /// <summary>The names of the path's parameters, in their order.</summary>
    public IReadOnlyList<string> PathNames { get; init; } = [];

    /// <summary>Bytes that a body may have.</summary>
    public required long BodyLimit { get; init; }

    /// <summary>Reads a request.</summary>
    public required RequestPlan Request { get; init; }

    /// <summary>Writes an answer.</summary>
    public required ResponsePlan Response { get; init; }

    /// <summary>What a stream needs besides; null for other endpoints.</summary>
    public StreamPlan? Stream { get; init; }

    /// <summary>Whether its handler reads requests and writes answers itself.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Serves the endpoint's files; null for an endpoint with a handler.</summary>
    internal Static.StaticEndpoint? Static { get; init; }

    /// <summary>Whether a request is one call of a handler, with the answer that it returns.</summary>
    internal bool IsCall => Stream is null && Static is null && !IsRaw;

    /// <summary>Compares answers with their type; null outside development, and where there is no type.</summary>
    public ResponseCheck? Check { get; init; }
}
