using Bridge.Core.PubSub;
using Grpc.Core;

namespace Bridge.GooglePubSub;

/// <summary>Says what a failure of Pub/Sub means.</summary>
internal static class GoogleFailures
{
    /// <summary>Whether an exception is a call's own, and not the end that was asked for.</summary>
    public static bool IsOfTheCall(Exception error, CancellationToken cancellation) =>
        error is RpcException or HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>Translates an exception of a call.</summary>
    /// <param name="what">What was to be done, with the topic or subscription.</param>
    /// <param name="error">What the call threw.</param>
    public static BrokerException Translate(string what, Exception error) => error switch
    {
        BrokerException known => known,
        RpcException { StatusCode: var code } refusal => new BrokerException(
            $"{what}: {code}: {refusal.Status.Detail}", HelpFor(code), IsTransient(code), refusal),
        _ => new BrokerException($"{what}: Pub/Sub can't be reached: {error.Message}", "look at the network and the credentials", isTransient: true, error),
    };

    /// <summary>Whether certainly nothing was done: there was no connection, or too much was asked for.</summary>
    public static bool WasNotDone(BrokerException error) => error.InnerException is RpcException refusal
        && (refusal.StatusCode == StatusCode.ResourceExhausted || refusal.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError });

    private static bool IsTransient(StatusCode code) =>
        code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Aborted or StatusCode.ResourceExhausted
            or StatusCode.Unknown or StatusCode.Cancelled;

    private static string HelpFor(StatusCode code) => code switch
    {
        StatusCode.NotFound => "make it, or let the host: provision",
        StatusCode.PermissionDenied => "give the service account of the host the roles Pub/Sub Publisher and Subscriber, and Editor where it provisions",
        StatusCode.Unauthenticated => "look at the service account's key and the machine's clock",
        _ => "",
    };
}
