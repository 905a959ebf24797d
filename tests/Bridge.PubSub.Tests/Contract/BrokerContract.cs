using System.Globalization;
using System.Text;

namespace Bridge.PubSub.Tests.Contract;

/// <summary>
/// What every broker has to do, the same tests for each. A broker's own class derives from this one and gives it a fixture; what the broker's
/// <see cref="BrokerTraits"/> don't promise isn't asked of it, but it has to say so.
/// </summary>
public abstract partial class BrokerContract : IAsyncLifetime
{
    private readonly List<IMessageBroker> _brokers = [];
    private readonly List<RunningSubscription> _runs = [];
    private IBrokerFixture? _fixture;

    /// <summary>This test's server.</summary>
    protected IBrokerFixture Fixture => _fixture ?? throw new InvalidOperationException("The fixture is made before each test.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await CreateFixtureAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var run in _runs)
        {
            await run.DisposeAsync();
        }

        foreach (var broker in _brokers)
        {
            await broker.DisposeAsync();
        }

        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    /// <summary>Makes one test's fixture. Topics have names of their own in each test, so that all may share one server.</summary>
    protected abstract Task<IBrokerFixture> CreateFixtureAsync();

    /// <summary>A topic that no other test has, with subscriptions of the given names.</summary>
    private static BrokerTopic NewTopic(params string[] subscriptions) => NewTopic(subscription => subscription, subscriptions);

    private static BrokerTopic NewTopic(Func<BrokerSubscription, BrokerSubscription> change, params string[] subscriptions)
    {
        var name = "topic-" + Guid.NewGuid().ToString("N")[..12];
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [.. subscriptions.Select(subscription => change(NewSubscription(name, subscription)))],
        };
    }

    // The lease is long: where a test sees a message twice, no slow machine is to blame.
    private static BrokerSubscription NewSubscription(string topic, string name) => new()
    {
        Topic = topic,
        Name = name,
        Address = $"{topic}-{name}",
        AckDeadline = TimeSpan.FromMinutes(2),
        Retry = new RetryPolicy(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), 3),
    };

    private static OutgoingMessage NewMessage(string text, string? key = null) => new() { Body = Encoding.UTF8.GetBytes(text), OrderingKey = key };

    private static OutgoingMessage[] NewMessages(int count, string? key = null) =>
        [.. Enumerable.Range(0, count).Select(number => NewMessage(number.ToString(CultureInfo.InvariantCulture), key))];

    private static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private static int NumberOf(Delivery delivery) => int.Parse(TextOf(delivery), CultureInfo.InvariantCulture);

    private static async Task<string[]> PublishAsync(IMessageBroker broker, BrokerTopic topic, params OutgoingMessage[] messages)
    {
        var results = await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None).WaitAsync(Patience.Long);
        return [.. results.Select(result => result.Error is null ? result.MessageId! : throw result.Error)];
    }

    /// <summary>A prepared broker. A second one is another process where the fixture is shared, else the first again.</summary>
    private async Task<IMessageBroker> OpenAsync(params BrokerTopic[] topics)
    {
        if (!Fixture.IsShared && _brokers.Count > 0)
        {
            return _brokers[0];
        }

        var broker = await CreateAsync(topics);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None).WaitAsync(Patience.Long));
        return broker;
    }

    private async Task<IMessageBroker> CreateAsync(params BrokerTopic[] topics)
    {
        var broker = await Fixture.CreateAsync(topics);
        _brokers.Add(broker);
        return broker;
    }

    private RunningSubscription Run(IMessageBroker broker, BrokerSubscription subscription, MessageHandler handle)
    {
        var run = RunningSubscription.Start(broker, subscription, handle);
        _runs.Add(run);
        return run;
    }

    private static async Task<IMessageSource> OpenSourceAsync(IMessageBroker broker, BrokerTopic topic, int subscription = 0) =>
        await broker.OpenAsync(topic.Subscriptions[subscription], CancellationToken.None);

    /// <summary>Receives until there are so many.</summary>
    private static async Task<List<Delivery>> ReceiveAsync(IMessageSource source, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        var deliveries = new List<Delivery>();
        while (deliveries.Count < count)
        {
            deliveries.AddRange(await source.ReceiveAsync(count - deliveries.Count, patience.Token));
        }

        return deliveries;
    }

    private static async Task<Delivery> ReceiveOneAsync(IMessageSource source) => Assert.Single(await ReceiveAsync(source, 1));

    /// <summary>Asserts that for a while no message comes. A slow machine only makes it see less.</summary>
    private static async Task AssertNothingComesAsync(IMessageSource source, TimeSpan? time = null)
    {
        using var patience = new CancellationTokenSource(time ?? Patience.Short);
        try
        {
            while (!patience.IsCancellationRequested)
            {
                Assert.Empty((await source.ReceiveAsync(10, patience.Token)).Select(delivery => $"{TextOf(delivery)}, attempt {delivery.Attempt}"));
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing came.
        }
    }

    private static async Task AcknowledgeAsync(IEnumerable<Delivery> deliveries) =>
        await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(CancellationToken.None))).WaitAsync(Patience.Long);
}
