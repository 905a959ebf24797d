using System.Buffers;
using System.Globalization;
using Bridge.Core.Decoding;
using Bridge.Core.Errors;
using Encore.Host.Routing;

namespace Encore.Host.Http;

/// <summary>The answers to requests that never reach a handler.</summary>
internal static class Refusals
{
    /// <summary>No such path, or none that clients may know of.</summary>
    public static ErrorAnswer UnknownEndpoint { get; } = new(ErrorCode.NotFound, "endpoint not found") { IsFromGateway = true };

    /// <summary>The isolate ended while it had the request.</summary>
    public static ErrorAnswer Lost { get; } = new(ErrorCode.Unavailable, "the application is restarting or shutting down") { IsFromGateway = true };

    /// <summary>The endpoint is for authenticated callers, and the request brings no credentials.</summary>
    public static ErrorAnswer NoCredentials { get; } =
        new(ErrorCode.Unauthenticated, "the request does not have valid authentication credentials for the operation") { IsFromGateway = true };

    /// <summary>A page of another origin wants to open a stream with its visitor's credentials.</summary>
    public static ErrorAnswer ForeignOrigin { get; } =
        new(ErrorCode.PermissionDenied, "pages of this origin may not open streams with credentials") { IsFromGateway = true };

    /// <summary>The handler didn't answer in time.</summary>
    public static ErrorAnswer TimedOut { get; } = new(ErrorCode.DeadlineExceeded, "the request took too long") { IsFromGateway = true };

    /// <summary>The host itself failed.</summary>
    public static ErrorAnswer HostFailure { get; } = new(ErrorCode.Internal, "an internal error occurred") { IsFromGateway = true };

    /// <summary>The handler returned what its endpoint's type doesn't allow.</summary>
    /// <param name="internalMessage">What that is, in development.</param>
    public static ErrorAnswer Unsendable(string? internalMessage) =>
        new(ErrorCode.Internal, "an internal error occurred") { InternalMessage = internalMessage };

    /// <summary>The path exists, with other methods.</summary>
    /// <param name="allowed">Those, as <see cref="RouteMethods.Bit"/> has them.</param>
    public static ErrorAnswer WrongMethod(int allowed) =>
        new(ErrorCode.NotFound, "no route for method") { IsFromGateway = true, Allow = RouteMethods.Describe(allowed) };

    /// <summary>A body that can't be read.</summary>
    /// <param name="status">Why.</param>
    /// <param name="fault">What the server says of a malformed one.</param>
    /// <param name="limit">Bytes that it may have.</param>
    public static ErrorAnswer Body(BodyStatus status, string fault, long limit) => status switch
    {
        BodyStatus.TooLarge => new ErrorAnswer(
            ErrorCode.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"request body too large: the limit is {limit} bytes"))
        {
            Status = StatusCodes.Status413PayloadTooLarge,
            IsFromGateway = true,
        },
        BodyStatus.TooSlow => new ErrorAnswer(ErrorCode.DeadlineExceeded, "request body received too slowly")
        {
            Status = StatusCodes.Status408RequestTimeout,
            IsFromGateway = true,
        },
        BodyStatus.UnknownEncoding => new ErrorAnswer(
            ErrorCode.InvalidArgument, "request body encoded in a way that isn't supported: send it plain, or with one of " + EncodedBody.Supported)
        {
            Status = StatusCodes.Status415UnsupportedMediaType,
            IsFromGateway = true,
            AcceptEncoding = EncodedBody.Supported,
        },
        _ => new ErrorAnswer(ErrorCode.InvalidArgument, "unable to read request body: " + fault) { IsFromGateway = true },
    };

    /// <summary>A request whose parts don't fit the endpoint's schema.</summary>
    public static ErrorAnswer Decode(DecodeFailure failure) =>
        new(failure.Code, failure.Message) { IsFromGateway = true, Details = Describe(failure) };

    private static ReadOnlyMemory<byte> Describe(DecodeFailure failure)
    {
        var details = new ArrayBufferWriter<byte>();
        failure.WriteDetails(details);
        return details.WrittenMemory;
    }
}
