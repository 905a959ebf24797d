using System.Net;
using Amazon.Runtime;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Topics;

namespace Bridge.Sqs;

/// <summary>Says what a failure of SNS or SQS means.</summary>
internal static class AwsFailures
{
    /// <summary>Codes of requests that came too fast; nothing was done.</summary>
    private static readonly HashSet<string> Throttles = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "Throttled", "ThrottledException", "RequestThrottled", "TooManyRequestsException", "SlowDown",
        "OverLimit", "KMSThrottling", "KmsThrottled",
    };

    /// <summary>Whether a request was refused for coming too fast.</summary>
    public static bool IsThrottle(string? code, HttpStatusCode status) =>
        status == HttpStatusCode.TooManyRequests || (code is not null && Throttles.Contains(code));

    /// <summary>Whether the service may do the same later.</summary>
    public static bool IsTransient(string? code, HttpStatusCode status) => (int)status >= 500 || IsThrottle(code, status);

    /// <summary>Whether the host's credentials don't allow for what was asked.</summary>
    public static bool IsDenied(BrokerException error) => error.InnerException switch
    {
        SnsRefusalException refusal => IsDenial(refusal.Code),
        AmazonServiceException refusal => IsDenial(refusal.ErrorCode),
        _ => false,
    };

    /// <summary>Whether a queue isn't there.</summary>
    public static bool IsMissingQueue(Exception error) =>
        error is QueueDoesNotExistException or AmazonServiceException { ErrorCode: "AWS.SimpleQueueService.NonExistentQueue" or "QueueDoesNotExist" };

    /// <summary>Translates an exception of a call.</summary>
    /// <param name="what">What was to be done, with the queue or topic: "receiving from queue orders".</param>
    /// <param name="error">What the call threw.</param>
    public static BrokerException Translate(string what, Exception error) => error switch
    {
        BrokerException known => known,
        AmazonServiceException { ErrorCode: { Length: > 0 } code } refusal => Refusal(what, code, refusal.Message, refusal.StatusCode, refusal),
        AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } refusal =>
            Refusal(what, $"{(int)refusal.StatusCode}", refusal.Message, refusal.StatusCode, refusal),
        AmazonClientException { InnerException: null } local => new BrokerException(
            $"{what}: {local.Message}", "give access_key_id and secret_access_key, or run where AWS gives credentials", isTransient: true, local),
        _ => new BrokerException($"{what}: AWS can't be reached: {Innermost(error).Message}", "look at the network and the endpoint", isTransient: true, error),
    };

    /// <summary>A refusal by the service.</summary>
    public static BrokerException Refusal(string what, string code, string message, HttpStatusCode status, Exception? inner = null) =>
        new($"{what}: {code}: {message}", HelpFor(code), IsTransient(code, status), inner);

    private static string HelpFor(string code) => code switch
    {
        _ when IsDenial(code) => "allow the action to the role or user of the host",
        "InvalidClientTokenId" or "InvalidAccessKeyId" or "UnrecognizedClientException" or "SignatureDoesNotMatch" or "IncompleteSignature"
            or "InvalidSignatureException" or "MissingAuthenticationToken" or "ExpiredToken" or "ExpiredTokenException" =>
            "look at the access key, its secret and the machine's clock",
        "QueueDoesNotExist" or "AWS.SimpleQueueService.NonExistentQueue" or "NotFound" or "NotFoundException" => "make it, or let the host: provision",
        _ => "",
    };

    private static bool IsDenial(string? code) =>
        code is "AccessDenied" or "AccessDeniedException" or "AuthorizationError" or "AuthorizationErrorException";

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }
}
