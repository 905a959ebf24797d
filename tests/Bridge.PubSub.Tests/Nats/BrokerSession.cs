using System.Text;
using Bridge.Core.PubSub;
using Bridge.Nats;

namespace Bridge.PubSub.Tests.Nats;

/// <summary>A broker with one topic, as one process has it.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private readonly BrokerTopic _topic;
    private readonly List<IMessageSource> _sources = [];

    private BrokerSession(NatsBroker broker, BrokerTopic topic)
    {
        Broker = broker;
        _topic = topic;
        Publisher = broker.PublisherOf(topic);
    }

    public NatsBroker Broker { get; }

    public ITopicPublisher Publisher { get; }

    public static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public static async Task<BrokerSession> OpenAsync(NatsBrokerOptions options, BrokerTopic topic)
    {
        var broker = new NatsBroker(options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, Deadline));
        return new BrokerSession(broker, topic);
    }

    public BrokerSubscription Subscription(int index = 0) => _topic.Subscriptions[index];

    public IDeadLetters DeadLetters => Broker.DeadLettersOf(Subscription());

    public async Task<IMessageSource> SourceAsync(int index = 0)
    {
        var source = await Broker.OpenAsync(Subscription(index), Deadline);
        _sources.Add(source);
        return source;
    }

    public async Task<string> PublishAsync(string body, string? key = null, string? id = null, DateTimeOffset? at = null, Dictionary<string, string>? attributes = null)
    {
        var message = new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body), OrderingKey = key, DeduplicationId = id, DeliverAt = at, Attributes = attributes ?? [] };
        var result = Assert.Single(await Publisher.PublishAsync([message], Deadline));
        Assert.Null(result.Error);
        return result.MessageId!;
    }

    public async Task<PublishResult[]> PublishAllAsync(IEnumerable<string> bodies, string? key = null) =>
        await Publisher.PublishAsync([.. bodies.Select(body => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body), OrderingKey = key })], Deadline);

    public static async Task<Delivery> NextAsync(IMessageSource source) => Assert.Single(await source.ReceiveAsync(1, Deadline));

    public static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        await Broker.DisposeAsync();
    }
}
