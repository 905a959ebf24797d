using Bridge.PubSub.Peer;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>A broker whose processes, and which itself, are killed.</summary>
public interface IKillFixture : IAsyncDisposable
{
    /// <summary>How peers reach it.</summary>
    PeerBroker Broker { get; }

    /// <summary>Whether it is no process of its own but part of each peer: then its end is that of all peers at once.</summary>
    bool LivesInPeers => false;

    /// <summary>
    /// Whether it takes a message's end down at once, so that none comes again once a later one of its key was handled: true of brokers that
    /// write each acknowledgement to disk before they answer.
    /// </summary>
    bool RepeatsInPlace { get; }

    /// <summary>Ends it as a crash does and starts it again.</summary>
    Task RestartAsync();
}
