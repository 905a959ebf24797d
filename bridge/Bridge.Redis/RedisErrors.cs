using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Says what went wrong between broker and server.</summary>
internal static class RedisErrors
{
    /// <summary>Whether it is one that comes of the server or the way there.</summary>
    internal static bool IsOfServer(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>The exception as the host sees it.</summary>
    /// <param name="exception">The client's.</param>
    /// <param name="doing">What was to be done: "publish to the topic t".</param>
    /// <param name="place">Host and port.</param>
    internal static BrokerException Explain(Exception exception, string doing, string place)
    {
        var message = $"Redis at {place} can't {doing}: {exception.Message}";
        return exception switch
        {
            // The server's own words, which begin with a code: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
            RedisServerException { Message: var text } when Begins(text, "LOADING", "BUSY", "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS") =>
                new BrokerException(message, "the server isn't ready", isTransient: true, exception),
            RedisServerException { Message: var text } when Begins(text, "READONLY") =>
                new BrokerException(message, "this server is a replica: name the primary", isTransient: true, exception),
            RedisServerException { Message: var text } when Begins(text, "OOM") =>
                new BrokerException(message, "the server's memory is full: raise maxmemory, or handle what waits", isTransient: true, exception),
            RedisServerException { Message: var text } when Begins(text, "MISCONF") =>
                new BrokerException(message, "the server can't write to its disk: see its log", isTransient: true, exception),
            RedisServerException { Message: var text } when Begins(text, "NOAUTH", "WRONGPASS", "NOPERM") =>
                new BrokerException(message, "check the user, the password and what the user may do (ACL): streams, sorted sets, hashes, lists, scripts and PUBLISH on the prefix's keys", isTransient: false, exception),
            RedisServerException { Message: var text } when Begins(text, "NOGROUP") =>
                new BrokerException(message, "the subscription's group isn't there any more: start with provision on", isTransient: false, exception),
            RedisServerException => new BrokerException(message, isTransient: false, inner: exception),
            RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
                new BrokerException(message, "check user, password and TLS of the broker's connection", isTransient: false, exception),
            _ => new BrokerException(message, "it is tried anew once the server is there", isTransient: true, exception),
        };
    }

    private static bool Begins(string text, params ReadOnlySpan<string> codes)
    {
        foreach (var code in codes)
        {
            if (text.StartsWith(code, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
