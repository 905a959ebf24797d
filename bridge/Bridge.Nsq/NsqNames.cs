using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>What topics and channels are called.</summary>
/// <param name="prefix">Before all of them.</param>
internal sealed class NsqNames(string prefix)
{
    /// <summary>The one channel of a subscription's dead letters.</summary>
    public const string DeadChannel = "dead";

    // nsqd's own bound.
    private const int MaxLength = 64;

    /// <summary>The name of a topic.</summary>
    public string Topic(BrokerTopic topic) => Fit(prefix + topic.Address);

    /// <summary>The names that belong to a subscription.</summary>
    public SubscriptionNames Subscription(BrokerTopic topic, BrokerSubscription subscription)
    {
        var stem = $"{prefix}{topic.Address}.{subscription.Address}";
        return new SubscriptionNames(Topic(topic), Fit(prefix + subscription.Address), Fit(stem + ".replay"), Fit(stem + ".dead"));
    }

    // The names that nsqd doesn't take are hashed as Encore hashes them, so that both meet on the same topic.
    private static string Fit(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? name
            : Convert.ToHexStringLower(SHA3_256.HashData(Encoding.UTF8.GetBytes(name)));
}

/// <summary>The names that belong to a subscription.</summary>
/// <param name="Topic">Where its messages are published.</param>
/// <param name="Channel">What its processes share its messages by.</param>
/// <param name="Replay">The topic of dead letters that are to be handled after all: no other subscription reads it.</param>
/// <param name="Dead">The topic of its dead letters.</param>
internal sealed record SubscriptionNames(string Topic, string Channel, string Replay, string Dead);
