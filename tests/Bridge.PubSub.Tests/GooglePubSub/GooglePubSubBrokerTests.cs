using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.GooglePubSub;
using Bridge.GooglePubSub.Protocol;
using Bridge.GooglePubSub.Receiving;
using Bridge.Postgres.Tests.Servers;
using Bridge.PubSub.Tests.Contract;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>What is Google Cloud Pub/Sub's own.</summary>
public sealed class GooglePubSubBrokerTests(Emulator emulator) : IClassFixture<Emulator>
{
    [Fact]
    public async Task Retry_ManyThatWaitLong_KeepNoOtherFromComing()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 4, Retry = new Bridge.Core.PubSub.RetryPolicy(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), 50) });
        await using var broker = new GooglePubSubBroker(emulator.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        await using var run = RunningSubscription.Start(broker, topic.Subscriptions[0], (delivery, _) =>
            new(TextOf(delivery)[0] == 'x' ? HandlingResult.Failed("later") : HandlingResult.Done));

        await PublishAsync(broker, topic, [.. Enumerable.Range(0, 12).Select(number => $"x{number}"), .. Enumerable.Range(0, 12).Select(number => $"{number}")]);

        await Patience.UntilAsync(() => run.Handled.Count == 12, run.Describe);
    }

    [Fact]
    public async Task DeadLetters_GivenUpByPubSubItself_AreListed()
    {
        var topic = NewTopic(subscription => subscription);
        await using var broker = new GooglePubSubBroker(emulator.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        using var connection = new GoogleConnection(emulator.Options, TimeProvider.System);
        var message = new PubsubMessage { Data = ByteString.CopyFromUtf8("7") };
        message.Attributes["kind"] = "signup";
        message.Attributes["CloudPubSubDeadLetterSourceDeliveryCount"] = "100";
        message.Attributes["CloudPubSubDeadLetterSourceTopicPublishTime"] = "2026-05-01T10:00:00.000+00:00";
        message.Attributes["CloudPubSubDeadLetterSourceSubscription"] = "mail";
        var request = new PublishRequest { Topic = $"projects/tests/topics/{topic.Subscriptions[0].Address}-dead", Messages = { message } };
        await connection.CallAsync("publishing", options => connection.Publisher.PublishAsync(request, options), CancellationToken.None);

        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        var letter = Assert.Single(await dead.ListAsync(10, CancellationToken.None));

        Assert.Equal("7", Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal(100, letter.Attempts);
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero), letter.PublishedAt);
        Assert.Equal("kind", Assert.Single(letter.Attributes).Key);
        Assert.Equal(1, await dead.ReplayAsync(ids: null, CancellationToken.None));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None));
        Assert.Equal("signup", Assert.Single(delivery.Attributes).Value);
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task DeadLetter_LongReason_IsCutWhereItFits()
    {
        var topic = NewTopic(subscription => subscription);
        await using var broker = new GooglePubSubBroker(emulator.Options, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        await PublishAsync(broker, topic, "1");
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None));

        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Failed, "a" + new string('界', 1000)), CancellationToken.None);

        var letter = Assert.Single(await broker.DeadLettersOf(topic.Subscriptions[0]).ListAsync(10, CancellationToken.None));
        Assert.Equal("a" + new string('界', 341), letter.Reason.Text);
    }

    [Fact]
    public async Task Connection_CutAgainAndAgain_LosesNothing()
    {
        using var network = new TcpProxy(emulator.Port);
        var topic = NewTopic(subscription => subscription with { AckDeadline = TimeSpan.FromSeconds(3) });
        await using var broker = new GooglePubSubBroker(emulator.Options with { EmulatorHost = $"127.0.0.1:{network.Port}" }, [topic]);
        await broker.PrepareAsync(provision: true, CancellationToken.None);
        var taken = new ConcurrentBag<string>();
        await using var run = RunningSubscription.Start(broker, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));

        async Task<bool> PublishAsync(string text)
        {
            var results = await broker.PublisherOf(topic).PublishAsync([new() { Body = Encoding.UTF8.GetBytes(text) }], CancellationToken.None);
            if (results[0].Error is { } error)
            {
                Assert.True(Assert.IsType<BrokerException>(error).IsTransient);
                return false;
            }

            taken.Add(text);
            return true;
        }

        for (var round = 0; round < 2; round++)
        {
            var texts = Enumerable.Range(round * 40, 40).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
            foreach (var text in texts.Take(10))
            {
                await Patience.UntilAsync(() => PublishAsync(text), () => $"{text} isn't taken");
            }

            var publishing = Task.WhenAll(texts.Skip(10).Select(PublishAsync));
            network.Cut();
            await publishing;
        }

        // A new stream is open 0.1 s after each cut. The emulator goes on sending to the streams that were cut, which all the same use up
        // deliveries of 10 s each, for up to a minute.
        for (var look = 0; look < 1800 && taken.Except(run.Handled).Any(); look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal([], taken.Except(run.Handled));
        Assert.InRange(taken.Count, 20, 80);
    }

    [Fact]
    public async Task Receive_SubscriptionIsGone_SaysWhatToDo()
    {
        var topic = NewTopic(subscription => subscription);
        await using var broker = new GooglePubSubBroker(emulator.Options, [topic]);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);

        var error = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, CancellationToken.None));

        Assert.False(error.IsTransient);
        Assert.Contains(topic.Subscriptions[0].Address, error.Message, StringComparison.Ordinal);
        Assert.Contains("provision", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PartialAcknowledgement_TellsWhichFailed()
    {
        var info = new ErrorInfo { Reason = "x", Metadata = { ["b"] = "PERMANENT_FAILURE_INVALID_ACK_ID", ["c"] = "TRANSIENT_FAILURE_INVALID_ACK_ID" } };
        var status = new Bridge.GooglePubSub.Protocol.Status { Code = 9, Details = { Any.Pack(info) } };
        var refusal = new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, "some"), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });

        var failures = AckOutcome.Read(GoogleFailures.Translate("acknowledging", refusal), ["a", "b", "c"])!;

        Assert.Null(failures[0]);
        Assert.Equal([false, true], failures.Skip(1).Select(failure => Assert.IsType<BrokerException>(failure).IsTransient));
    }

    private static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private static BrokerTopic NewTopic(Func<BrokerSubscription, BrokerSubscription> change)
    {
        var name = "own-" + Guid.NewGuid().ToString("N")[..12];
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [change(new BrokerSubscription { Topic = name, Name = "mail", Address = $"{name}-mail" })],
        };
    }

    private static async Task PublishAsync(GooglePubSubBroker broker, BrokerTopic topic, params string[] texts)
    {
        var results = await broker.PublisherOf(topic).PublishAsync([.. texts.Select(text => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(text) })], CancellationToken.None);
        Assert.All(results, result => Assert.Null(result.Error));
    }
}
