using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>The keys of one topic. The braces keep them in one slot of a cluster, so that a script may touch them all.</summary>
/// <remarks>
/// | key | holds |
/// | --- | --- |
/// | <c>{t}:messages</c> | the stream; a group per subscription, whose list of pending entries says which it isn't done with: those of a process's
/// consumer are leased to it since their delivery time, as the attempt that their delivery count says; those of <c>host</c> are in <c>pending</c> |
/// | <c>{t}:delayed</c>, <c>{t}:delayed-bodies</c> | messages for later: when they are due, what they are |
/// | <c>{t}:id:…</c> | a deduplication id, until it is forgotten |
/// | <c>{t}:s:…:pending</c> | of a subscription: what waits for its time, and what is leased since it has: retried, released and replayed messages, and all of an ordered topic; by when it is due |
/// | <c>{t}:s:…:leases</c> | attempts and lease of each of those |
/// | <c>{t}:s:…:keys</c>, <c>{t}:s:…:waiting:…</c> | the unfinished message of each ordering key, and those behind it |
/// | <c>{t}:s:…:replayed</c> | dead letters that were given to it again |
/// | <c>{t}:s:…:dead</c> | its dead letters, a stream |
///
/// The channel <c>{t}:news</c> tells of fresh entries by "", of what is in the sets by "due".
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
