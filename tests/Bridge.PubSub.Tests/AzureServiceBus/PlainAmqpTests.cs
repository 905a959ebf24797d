using System.Globalization;
using System.Text;
using Bridge.AzureServiceBus;
using Bridge.AzureServiceBus.Connections;
using Bridge.AzureServiceBus.Publishing;
using Bridge.AzureServiceBus.Receiving;
using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Tests.Contract;
using Bridge.PubSub.Tests.RabbitMq;
using static Bridge.PubSub.Tests.AzureServiceBus.ServiceBusTopics;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>
/// The part of the client that is AMQP 1.0 and no more, against a server that isn't made of the same library: RabbitMQ with its AMQP 1.0 plugin. It has
/// no locks that outlive a link, and no nodes that answer requests.
/// </summary>
#pragma warning disable CA1001 // Justification: xunit calls DisposeAsync of IAsyncLifetime.
public sealed class PlainAmqpTests : IClassFixture<RabbitMqAmqpServer>, IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly string _queue = $"/queue/plain-{Guid.NewGuid():N}";
    private readonly TcpProxy _network;
    private readonly ServiceBusConnection _connection;
    private readonly ServiceBusPublisher _publisher;
    private readonly SourceSettings _settings;

    public PlainAmqpTests(RabbitMqAmqpServer shared)
    {
        _network = new TcpProxy(shared.Server.Port);
        var options = new ServiceBusBrokerOptions
        {
            ConnectionString = string.Create(
                CultureInfo.InvariantCulture, $"Endpoint=sb://127.0.0.1:{_network.Port}/;SharedAccessKeyName=guest;SharedAccessKey=guest;UseDevelopmentEmulator=true"),
            SignIn = ServiceBusSignIn.Password,
            ReconnectPatience = TimeSpan.FromSeconds(30),
        };
        _connection = new ServiceBusConnection(options, TimeProvider.System);
        _publisher = new ServiceBusPublisher(_connection, _queue, isOrdered: false);
        _settings = new SourceSettings(_queue, "plain", TimeSpan.FromMinutes(1), Copies: null);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Publish_Messages_ArriveAsTheyWere()
    {
        var attributes = new Dictionary<string, string> { ["kind"] = "größer", ["empty"] = "" };
        var big = new string('x', 300_000);
        await PublishAsync(Message("""{"a":"ü"}""") with { Attributes = attributes }, Message(big));
        await using var source = Open();

        var (first, second) = (await source.OneAsync(), await source.OneAsync());

        Assert.Equal(("""{"a":"ü"}""", big), (first.TextOf(), second.TextOf()));
        Assert.Equal(attributes, first.Attributes);
        Assert.Equal(1, first.Attempt);
        await first.AcknowledgeAsync(None);
        await second.AcknowledgeAsync(None);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Publish_Thousand_AllArriveOnceWithinTheRoomThatIsGiven()
    {
        await using var source = Open();
        var publishing = PublishAsync([.. Enumerable.Range(0, 1000).Select(number => Message($"{number}"))]);
        var seen = new List<int>();
        using var patience = new CancellationTokenSource(Patience.Long);
        while (seen.Count < 1000)
        {
            // This server's queues take credit in passing: one that is added to while messages are on their way is exceeded, which ends the connection.
            var room = 50 - (seen.Count % 50);
            var deliveries = await source.ReceiveAsync(room, patience.Token);
            Assert.InRange(deliveries.Count, 1, room);
            seen.AddRange(deliveries.Select(delivery => int.Parse(delivery.TextOf(), CultureInfo.InvariantCulture)));
            await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(None)));
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, 1000), seen.Order());
    }

    [Fact]
    public async Task Retry_Message_ComesAgainAfterItsDelay()
    {
        await PublishAsync(Message("1"));
        await using var source = Open();
        var begun = TimeProvider.System.GetTimestamp();

        await (await source.OneAsync()).RetryAsync(TimeSpan.FromSeconds(1), None);
        var again = await source.OneAsync();

        Assert.Equal("1", again.TextOf());
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.9), "It came before its delay was over.");
        await again.AcknowledgeAsync(None);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task ReleasedAndRejected_ComeAgainAndGo()
    {
        await PublishAsync(Message("1"));
        await using var source = Open();

        await (await source.OneAsync()).ReleaseAsync(None);
        await (await source.OneAsync()).DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no"), None);

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Dispose_UnfinishedMessages_GoBack()
    {
        await PublishAsync(Message("1"), Message("2"));
        await using (var source = Open())
        {
            await source.OneAsync();
        }

        await using var next = Open();
        var texts = new[] { (await next.OneAsync()).TextOf(), (await next.OneAsync()).TextOf() };

        Assert.Equal(["1", "2"], texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task CutConnection_WhatWasUnderWayComesAgain_AndPublishingGoesOn()
    {
        await PublishAsync(Message("1"));
        await using var source = Open();
        await source.OneAsync();

        _network.Cut();
        await PublishPatientlyAsync(Message("2"));
        var seen = new List<string>();
        while (seen.Distinct().Count() < 2)
        {
            var delivery = await source.OneAsync();
            seen.Add(delivery.TextOf());
            await delivery.AcknowledgeAsync(None);
        }

        Assert.Equal(["1", "2"], seen.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task CutConnections_WhileMessagesFlow_NoneThatWasTakenIsLost()
    {
        await using var source = Open();
        var (taken, handled) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        using var enough = new CancellationTokenSource();
        var handling = HandleAsync(source, handled, enough.Token);
        for (var number = 0; number < 300; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            if ((await _publisher.PublishAsync([Message(text)], None).WaitAsync(Patience.Long))[0].Error is null)
            {
                taken.Add(text);
            }

            if (number % 100 == 50)
            {
                _network.Cut();
            }
        }

        Assert.NotEmpty(taken);
        await Patience.UntilAsync(() => Has(handled, taken), () => $"{taken.Count} taken, {handled.Count} handled");
        await enough.CancelAsync();
        await handling;
    }

    private static bool Has(HashSet<string> handled, HashSet<string> taken)
    {
        lock (handled)
        {
            return taken.IsSubsetOf(handled);
        }
    }

    private static async Task HandleAsync(QueueSource source, HashSet<string> handled, CancellationToken enough)
    {
        try
        {
            while (true)
            {
                foreach (var delivery in await source.ReceiveAsync(20, enough))
                {
                    lock (handled)
                    {
                        handled.Add(delivery.TextOf());
                    }

                    await AcknowledgeQuietlyAsync(delivery);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All are there.
        }
    }

    // Of a link that is gone, this server takes nothing back: the message comes again.
    private static async Task AcknowledgeQuietlyAsync(Delivery delivery)
    {
        try
        {
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
        catch (BrokerException)
        {
            Assert.NotEqual("", Encoding.UTF8.GetString(delivery.Body.Span));
        }
    }

    private QueueSource Open() => new(_connection, _settings, _ => { });

    private async Task PublishAsync(params OutgoingMessage[] messages) =>
        Assert.All(await _publisher.PublishAsync(messages, None).WaitAsync(Patience.Long), result => Assert.Null(result.Error));

    private async Task PublishPatientlyAsync(OutgoingMessage message)
    {
        var error = "";
        await Patience.UntilAsync(
            async () =>
            {
                var result = (await _publisher.PublishAsync([message], None).WaitAsync(Patience.Long))[0];
                error = result.Error?.Message ?? "";
                return result.Error is null;
            },
            () => error);
    }

    private async Task AssertNothingIsLeftAsync()
    {
        await using var source = Open();
        await source.NothingAsync();
    }
}

/// <summary>RabbitMQ with its AMQP 1.0 plugin: it takes long to start.</summary>
public sealed class RabbitMqAmqpServer : IAsyncLifetime
#pragma warning restore CA1001
{
    private RabbitMqServer? _server;

    public RabbitMqServer Server => _server!;

    public async Task InitializeAsync() => _server = await RabbitMqServer.StartAsync("[rabbitmq_amqp1_0].");

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
