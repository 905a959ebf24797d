using Bridge.Core.Operations;

namespace Encore.Host.ServiceCalls.Streams;

/// <summary>How a stream ended that another host serves, as its caller learns of it.</summary>
/// <param name="Json">What <c>ts-sdk/src/internal/remote-stream.ts</c> takes: <c>{"value"?}</c> or <c>{"error","lost"?}</c>.</param>
/// <param name="IsError">Whether it is an error.</param>
internal sealed record RemoteStreamEnd(string Json, bool IsError)
{
    /// <summary>All was said, and nothing answered.</summary>
    public static RemoteStreamEnd Done { get; } = new("{}", IsError: false);

    /// <summary>What the script's operation fails with; null where it learns of the end by <see cref="Json"/>.</summary>
    public OperationException? Failure { get; private init; }

    /// <summary>All was said, and the handler answered.</summary>
    /// <param name="json">The answer, normalised.</param>
    public static RemoteStreamEnd Answered(string json) => new($"{{\"value\":{json}}}", IsError: false);

    /// <summary>The handler, or what decides whether it runs, has thrown.</summary>
    /// <param name="error">The error's body.</param>
    public static RemoteStreamEnd Failed(string error) => new($"{{\"error\":{error}}}", IsError: true);

    /// <summary>The connection is gone, or its host goes away: what was sent last may not have come.</summary>
    /// <param name="message">What the caller is told.</param>
    public static RemoteStreamEnd Lost(string message) => new($"{{\"error\":{RemoteAnswer.UnavailableError(message)},\"lost\":true}}", IsError: true);

    /// <summary>What came isn't what hosts of one application say to each other, or not what the endpoint's types allow.</summary>
    public static RemoteStreamEnd Broken(OperationException failure) => new("{}", IsError: true) { Failure = failure };
}
