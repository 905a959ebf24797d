using Bridge.Core.Isolates;
using Encore.Host.Http;

namespace Encore.Host.Streams;

/// <summary>What a stream is opened with.</summary>
/// <param name="Request">The request that asks for it.</param>
/// <param name="Route">The request's endpoint.</param>
/// <param name="Plan">What its messages are.</param>
/// <param name="Open">The host's streams.</param>
/// <param name="Isolate">Runs the handler.</param>
/// <param name="Log">Receives what goes wrong.</param>
/// <param name="ShowInternals">Whether clients see internal messages: in development.</param>
internal sealed record StreamContext(
    RequestState Request, EndpointRoute Route, StreamPlan Plan, OpenStreams Open, Isolate Isolate, RequestLog Log, bool ShowInternals);
