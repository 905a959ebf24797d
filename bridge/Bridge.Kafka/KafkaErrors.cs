using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>Says what a cluster's errors mean for the host.</summary>
internal static class KafkaErrors
{
    /// <summary>An error as the host knows it.</summary>
    /// <param name="what">What couldn't be done, beginning of a sentence.</param>
    /// <param name="address">Where the cluster is.</param>
    /// <param name="error">The cluster's or the library's error.</param>
    /// <param name="inner">What carried it.</param>
    public static BrokerException Translate(string what, string address, Error error, Exception? inner = null) =>
        new($"{what}: Kafka at {address} says {error.Code}: {error.Reason}", HelpFor(error.Code), !IsFinal(error.Code), inner);

    /// <summary>Whether it has to be said to people though the library tries again by itself.</summary>
    public static bool IsRefusal(Error error) => error.IsFatal || IsFinal(error.Code);

    private static bool IsFinal(ErrorCode code) => code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
        or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl
        or ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord or ErrorCode.UnsupportedSaslMechanism
        or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.TopicException or ErrorCode.PolicyViolation;

    private static string HelpFor(ErrorCode code) => code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            "Allow this user to read and write the topics, their .retry and .dead topics, and to join the groups.",
        ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication or ErrorCode.UnsupportedSaslMechanism =>
            "Look at the mechanism, user name and password in the configuration.",
        ErrorCode.Local_Ssl => "Look at the certificates in the configuration, and whether this port speaks TLS.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            "Make the message smaller, or raise max.message.bytes of the topic.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => "Make the topic, or let the host make it: provision.",
        ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown =>
            "Look whether the brokers run and can be reached from here under the names they announce.",
        ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend =>
            "Fewer copies of the topic are in step than min.insync.replicas asks for: look after its brokers.",
        _ => "",
    };
}
