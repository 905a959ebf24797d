using System.Collections.Concurrent;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.Postgres.Tests.Outbox;

/// <summary>Brokers that take what a relay brings, unless a test says otherwise.</summary>
internal sealed class RecordingPublishers
{
    /// <summary>What was taken: topic and message, in that order.</summary>
    public ConcurrentQueue<(string Topic, OutgoingMessage Message)> Taken { get; } = [];

    /// <summary>What a topic's broker says to a message; null to take it.</summary>
    public Func<string, OutgoingMessage, Exception?> Refuse { get; set; } = static (_, _) => null;

    /// <summary>How many lists were published.</summary>
    public int Calls;

    /// <summary>The texts that were taken.</summary>
    public IEnumerable<string> Texts => Taken.Select(taken => Encoding.UTF8.GetString(taken.Message.Body.Span));

    public ITopicPublisher? Find(string topic) => topic == "unknown" ? null : new Publisher(this, topic);

    private sealed class Publisher(RecordingPublishers publishers, string topic) : ITopicPublisher
    {
        public Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
        {
            Interlocked.Increment(ref publishers.Calls);
            return Task.FromResult(messages.Select(Publish).ToArray());
        }

        private PublishResult Publish(OutgoingMessage message)
        {
            if (publishers.Refuse(topic, message) is { } error)
            {
                return PublishResult.Failed(error);
            }

            publishers.Taken.Enqueue((topic, message));
            return PublishResult.Taken("1");
        }
    }
}
