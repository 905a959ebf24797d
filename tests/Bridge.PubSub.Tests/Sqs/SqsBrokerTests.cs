using System.Collections.Concurrent;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.Postgres.Tests.Servers;
using Bridge.Sqs;
using Bridge.Sqs.Topics;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>What is SNS's and SQS's own.</summary>
public sealed class SqsBrokerTests(AwsServer server) : IClassFixture<AwsServer>
{
    [Fact]
    public async Task Receive_RawDelivery_ReadsBodyAndAttributes()
    {
        var topic = NewTopic();
        await using var broker = new SqsBroker(server.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        await MakeRawAsync(topic);

        await PublishAsync(broker, topic, "{\"TopicArn\":\"not an envelope\"}", new() { ["kind"] = "raw" });
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None));

        Assert.Equal("{\"TopicArn\":\"not an envelope\"}", Encoding.UTF8.GetString(delivery.Body.Span));
        Assert.Equal("raw", delivery.Attributes["kind"]);
        Assert.InRange(TimeProvider.System.GetUtcNow() - delivery.PublishedAt, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Prepare_ExistingQueue_IsFoundByArnAndUrl()
    {
        var topic = NewTopic();
        await using (var maker = new SqsBroker(server.Options, [topic]))
        {
            Assert.Empty(await maker.PrepareAsync(provision: true, CancellationToken.None));
        }

        var queue = $"{topic.Name}-mail";
        var byArn = topic with
        {
            Address = $"arn:aws:sns:eu-west-1:000000000000:{topic.Name}",
            Subscriptions = [topic.Subscriptions[0] with { Address = $"arn:aws:sqs:eu-west-1:000000000000:{queue}" }],
        };
        await using var broker = new SqsBroker(server.Options with { Region = null }, [byArn]);
        Assert.Empty(await broker.PrepareAsync(provision: false, CancellationToken.None));
        await PublishAsync(broker, byArn, "1", []);
        await using var source = await broker.OpenAsync(byArn.Subscriptions[0], CancellationToken.None);

        await Assert.Single(await source.ReceiveAsync(1, CancellationToken.None)).AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Prepare_OrderedTopicOnStandardOne_IsRefused()
    {
        var topic = NewTopic() with { Address = "arn:aws:sns:eu-west-1:000000000000:plain", IsOrdered = true };
        await using var broker = new SqsBroker(server.Options, [topic]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.Contains(topic.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(".fifo", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_MoreThanSnsTakes_IsRefusedAlone()
    {
        var topic = NewTopic();
        await using var broker = new SqsBroker(server.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);

        var results = await broker.PublisherOf(topic).PublishAsync(
            [new() { Body = "1"u8.ToArray() }, new() { Body = new byte[300_000] }, new() { Body = "3"u8.ToArray() }], CancellationToken.None);

        Assert.Equal([true, false, true], results.Select(result => result.Error is null));
        Assert.Contains("300000 bytes", results[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetter_TextThatSqsRefuses_IsKept()
    {
        var topic = NewTopic();
        await using var broker = new SqsBroker(server.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        await PublishAsync(broker, topic, "\"\\u0000\uFFFE\"", []);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None));
        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "a\0b"), CancellationToken.None);

        var letter = Assert.Single(await broker.DeadLettersOf(topic.Subscriptions[0]).ListAsync(10, CancellationToken.None));

        Assert.Equal("\"\\u0000\\ufffe\"", Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal("a\0b", letter.Reason.Text);
    }

    [Fact]
    public async Task Connection_CutAgainAndAgain_LosesNothing()
    {
        using var network = new TcpProxy(server.Address.Port);
        var topic = NewTopic();
        await using var broker = new SqsBroker(server.Options with { Endpoint = new Uri($"http://127.0.0.1:{network.Port}") }, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        var taken = new ConcurrentBag<string>();
        await using var run = RunningSubscription.Start(broker, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));

        using var enough = new CancellationTokenSource();
        var cutting = CutAsync(network, enough.Token);
        await Parallel.ForAsync(0, 300, async (number, _) =>
        {
            var text = $"{number}";
            var results = await broker.PublisherOf(topic).PublishAsync([new() { Body = Encoding.UTF8.GetBytes(text) }], CancellationToken.None);
            if (results[0].Error is { } error)
            {
                Assert.True(Assert.IsType<BrokerException>(error).IsTransient, error.Message);
            }
            else
            {
                taken.Add(text);
            }
        });
        await enough.CancelAsync();
        await cutting;

        await Patience.UntilAsync(() => !taken.Except(run.Handled).Any(), run.Describe);
        Assert.NotEmpty(taken);
    }

    private static async Task CutAsync(TcpProxy network, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(30), CancellationToken.None);
            network.Cut();
        }
    }

    private static BrokerTopic NewTopic()
    {
        var name = "own-" + Guid.NewGuid().ToString("N")[..12];
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [new BrokerSubscription { Topic = name, Name = "mail", Address = "mail", AckDeadline = TimeSpan.FromSeconds(5) }],
        };
    }

    private static async Task PublishAsync(SqsBroker broker, BrokerTopic topic, string text, Dictionary<string, string> attributes)
    {
        var message = new OutgoingMessage { Body = Encoding.UTF8.GetBytes(text), Attributes = attributes };
        Assert.Null(Assert.Single(await broker.PublisherOf(topic).PublishAsync([message], CancellationToken.None)).Error);
    }

    private async Task MakeRawAsync(BrokerTopic topic)
    {
        using var connection = new AwsConnection(server.Options, regionOfAddresses: null, TimeProvider.System);
        using var sns = new SnsClient(connection);
        var list = new SnsForm("ListSubscriptionsByTopic").Add("TopicArn", $"arn:aws:sns:eu-west-1:000000000000:{topic.Name}");
        var page = await sns.SendAsync("looking", list, isRepeatable: true, CancellationToken.None);
        var arn = page.Descendants().Single(element => element.Name.LocalName == "SubscriptionArn").Value;
        var change = new SnsForm("SetSubscriptionAttributes").Add("SubscriptionArn", arn).Add("AttributeName", "RawMessageDelivery").Add("AttributeValue", "true");
        await sns.SendAsync("changing", change, isRepeatable: true, CancellationToken.None);
    }
}
