using System.Net.Sockets;
using System.Security.Authentication;
using Amqp;
using Amqp.Framing;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>Says what failures of AMQP and Service Bus mean.</summary>
// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot lists the conditions.
internal static class Failures
{
    /// <summary>The condition of a session that another has, or of a wait that is over.</summary>
    internal const string Timeout = "com.microsoft:timeout";

    /// <summary>The condition of an entity that isn't there.</summary>
    internal const string NotFound = "amqp:not-found";

    /// <summary>Whether the client says so of connections that break, and refusals.</summary>
    internal static bool IsOfTheClient(Exception error) =>
        error is AmqpException or SocketException or IOException or TimeoutException or ObjectDisposedException or InvalidOperationException
            or AuthenticationException;

    /// <summary>Translates an exception of the client.</summary>
    /// <param name="what">What was to be done: "publishing to topic orders".</param>
    /// <param name="error">What was thrown.</param>
    internal static BrokerException Translate(string what, Exception error) => error switch
    {
        BrokerException known => known,
        AmqpException { Error: { } refusal } => Translate(what, refusal, error),
        AuthenticationException => new BrokerException($"{what}: {error.Message}", "See that the service's certificate can be checked.", isTransient: false, error),
        _ => new BrokerException($"{what}: {error.Message}", "The connection is made again by itself once the service can be reached.", inner: error),
    };

    /// <summary>Translates what the service answered.</summary>
    /// <param name="what">What was to be done.</param>
    /// <param name="answer">The answer; null where the link just ended.</param>
    /// <param name="inner">What was thrown, if anything.</param>
    internal static BrokerException Translate(string what, Error? answer, Exception? inner = null)
    {
        var condition = (string?)answer?.Condition ?? "amqp:link:detach-forced";
        var (isTransient, help) = Meaning(condition);
        return new BrokerException($"{what}: {condition}: {answer?.Description ?? "the service ended it"}", help, isTransient, new ServiceBusRefusalException(condition, inner));
    }

    /// <summary>The service takes nothing that this process shows it.</summary>
    internal static BrokerException NotLetIn(string what, Exception error) => new(
        $"{what}: {error.Message}", "Copy the connection string from the namespace's shared access policies anew, and look at this machine's clock.", isTransient: false, error);

    /// <summary>Whether a failure has a condition.</summary>
    internal static bool Is(BrokerException error, string condition) =>
        error.InnerException is ServiceBusRefusalException refusal && string.Equals(refusal.Condition, condition, StringComparison.Ordinal);

    /// <summary>Whether the policy has no right to what was asked.</summary>
    internal static bool IsDenied(BrokerException error) => Is(error, "amqp:unauthorized-access");

    private static (bool IsTransient, string Help) Meaning(string condition) => condition switch
    {
        "amqp:unauthorized-access" => (false, "Look at the policy's name and key; give it the rights Send, Listen and, to make topics, Manage."),
        NotFound => (false, "Make it, or start the host with provisioning on and a policy that has the right Manage."),
        "amqp:link:message-size-exceeded" => (false, "Make the message smaller: a namespace of the standard tier takes 256 KiB."),
        "amqp:not-allowed" or "amqp:not-implemented" or "amqp:invalid-field" or "amqp:decode-error" or "amqp:precondition-failed" =>
            (false, "See that the entity is of the kind that the topic needs: sessions for an ordering attribute, none without."),
        "com.microsoft:message-lock-lost" or "com.microsoft:session-lock-lost" or "com.microsoft:lock-lost" => (false, "The message comes again."),
        "amqp:resource-limit-exceeded" => (true, "The topic or a quota of the namespace is full."),
        "com.microsoft:entity-disabled" => (true, "Enable it in the portal."),
        "com.microsoft:server-busy" => (true, "The namespace has more to do than its tier allows."),
        _ => (true, ""),
    };
}

/// <summary>The service refuses, by a condition of AMQP.</summary>
/// <param name="condition">Which.</param>
/// <param name="inner">What the client threw.</param>
internal sealed class ServiceBusRefusalException(string condition, Exception? inner) : Exception(condition, inner)
{
    /// <summary>Which.</summary>
    internal string Condition { get; } = condition;
}
