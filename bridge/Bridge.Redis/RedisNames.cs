using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>The keys of one topic. The braces keep them in one slot of a cluster, so that a script may touch them all.</summary>
/// <remarks>
/// | key | holds |
/// | --- | --- |
/// | <c>{t}:messages</c> | the stream; a group per subscription |
/// | <c>{t}:delayed</c>, <c>{t}:delayed-bodies</c> | messages for later: when they are due, what they are |
/// | <c>{t}:id:…</c> | a deduplication id, until it is forgotten |
/// | <c>{t}:s:…:pending</c> | of a subscription: what it was given or will be given again, by when it is due |
/// | <c>{t}:s:…:leases</c> | attempts and lease of each of those |
/// | <c>{t}:s:…:keys</c>, <c>{t}:s:…:waiting:…</c> | the unfinished message of each ordering key, and those behind it |
/// | <c>{t}:s:…:replayed</c> | dead letters that were given to it again |
/// | <c>{t}:s:…:dead</c> | its dead letters, a stream |
/// </remarks>
internal sealed class RedisNames(string prefix, BrokerTopic topic)
{
    /// <summary>What the topic's keys begin with.</summary>
    internal string Base { get; } = $"{prefix}{{{topic.Address}}}:";

    /// <summary>The stream.</summary>
    internal RedisKey Stream => Base + "messages";

    /// <summary>Where those who wait are told of messages.</summary>
    internal string Channel => Base + "news";

    /// <summary>What a subscription's keys begin with.</summary>
    internal string Of(BrokerSubscription subscription) => $"{Base}s:{subscription.Address}:";

    /// <summary>A subscription's dead letters.</summary>
    internal RedisKey DeadLettersOf(BrokerSubscription subscription) => Of(subscription) + "dead";
}
