using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bridge.GooglePubSub;
using Bridge.GooglePubSub.Push;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.GooglePubSub;

/// <summary>Messages that the service sends by itself: by the emulator, and by requests as the service makes them.</summary>
#pragma warning disable CA1001 // Justification: xunit calls DisposeAsync of IAsyncLifetime.
public sealed class PushTests(Emulator emulator) : IClassFixture<Emulator>, IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly PushGateway _gateway = new();
    private readonly List<IAsyncDisposable> _owned = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Run_PublishedMessages_ArriveWithAllThatTheyCarry()
    {
        var topic = NewTopic();
        var broker = await ProvisionAsync(topic);
        var attributes = new ConcurrentBag<string>();
        var run = Run(broker, topic, (delivery, _) =>
        {
            attributes.Add(delivery.Attributes["kind"]);
            Assert.Equal(1, delivery.Attempt);
            Assert.InRange(TimeProvider.System.GetUtcNow() - delivery.PublishedAt, TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(1));
            return new(HandlingResult.Done);
        });

        var messages = Enumerable.Range(0, 30).Select(number => NewMessage(number.ToString(CultureInfo.InvariantCulture)) with
        {
            Attributes = new Dictionary<string, string> { ["kind"] = $"k{number}" },
        }).Append(NewMessage("") with { Attributes = new Dictionary<string, string> { ["kind"] = "empty" } });
        await PublishAsync(broker, topic, [.. messages]);

        await Patience.UntilAsync(() => run.Handled.Count == 31, Describe(run));
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"k{number}").Append("empty").Order(StringComparer.Ordinal), attributes.Order(StringComparer.Ordinal));
        Assert.All(_gateway.Answers, answer => Assert.Equal(PushAnswer.Done, answer));
    }

    [Fact]
    public async Task Run_HandlerFails_ComesAgainUntilItsRetriesAreSpentAndCanBeReplayed()
    {
        var topic = NewTopic(subscription => subscription with { Retry = subscription.Retry with { MaxRetries = 2 } });
        var broker = await ProvisionAsync(topic);
        var attempts = new ConcurrentQueue<int>();
        var succeeds = false;
        var run = Run(broker, topic, (delivery, _) =>
        {
            attempts.Enqueue(delivery.Attempt);
            return new(Volatile.Read(ref succeeds) ? HandlingResult.Done : HandlingResult.Failed($"failure {delivery.Attempt}"));
        });

        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => !run.Dead.IsEmpty, Describe(run));

        Assert.Equal([1, 2, 3], attempts);
        Assert.Equal(("1", new DeadLetterReason(DeadLetterCause.Failed, "failure 3")), Assert.Single(run.Dead));
        var dead = broker.DeadLettersOf(topic.Subscriptions[0]);
        Assert.Equal("failure 3", Assert.Single(await dead.ListAsync(10, CancellationToken.None)).Reason.Text);

        Volatile.Write(ref succeeds, true);
        Assert.Equal(1, await dead.ReplayAsync(ids: null, CancellationToken.None));
        await Patience.UntilAsync(() => run.Handled.Contains("1"), Describe(run));
        Assert.Equal(4, attempts.Count);
    }

    [Fact]
    public async Task Run_InvalidMessage_BecomesDeadLetterAtOnce()
    {
        var topic = NewTopic();
        var broker = await ProvisionAsync(topic);
        var run = Run(broker, topic, (_, _) => new(HandlingResult.Invalid("/at: missing field at")));

        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => !run.Dead.IsEmpty && !_gateway.Answers.IsEmpty, Describe(run));

        Assert.Equal(DeadLetterCause.Invalid, Assert.Single(run.Dead).Reason.Cause);
        Assert.Equal(PushAnswer.Done, Assert.Single(_gateway.Answers));
    }

    [Fact]
    public async Task Run_OrderedMessagesOfWhichSomeFail_KeepTheirOrder()
    {
        var topic = NewTopic() with { IsOrdered = true };
        var broker = await ProvisionAsync(topic);
        var run = Run(broker, topic, (delivery, _) =>
            new(Text(delivery)[^1] == '3' && delivery.Attempt == 1 ? HandlingResult.Failed("once") : HandlingResult.Done));

        await PublishAsync(broker, topic, [.. Enumerable.Range(10, 20).Select(number => NewMessage(number.ToString(CultureInfo.InvariantCulture)) with { OrderingKey = "k" })]);

        await Patience.UntilAsync(() => run.Handled.Distinct().Count() == 20, Describe(run));
        Assert.Equal(Enumerable.Range(10, 20).Select(number => number.ToString(CultureInfo.InvariantCulture)), run.Handled.Distinct());
    }

    [Fact]
    public async Task Receive_MoreThanMayBeHandledAtATime_IsBusy()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 2 });
        var (broker, receiver) = Open(topic);
        var release = new TaskCompletionSource();
        var run = Run(broker, topic, async (_, _) =>
        {
            await release.Task;
            return HandlingResult.Done;
        });

        var first = new[] { PushAsync(receiver, topic, "1"), PushAsync(receiver, topic, "2") };
        await Patience.UntilAsync(() => run.Running == 2, run.Describe);
        Assert.Equal(PushOutcome.Busy, (await PushAsync(receiver, topic, "3")).Outcome);
        Assert.All(first, push => Assert.False(push.IsCompleted));
        release.SetResult();

        Assert.All(await Task.WhenAll(first), answer => Assert.Equal(PushAnswer.Done, answer));
        Assert.Equal(PushAnswer.Done, await PushAsync(receiver, topic, "3"));
        Assert.Equal(2, run.MostRunning);
        Assert.Equal(["1", "2", "3"], run.Handled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Receive_AgainWhileItIsInHand_IsHandledOnce()
    {
        var topic = NewTopic();
        var (broker, receiver) = Open(topic);
        var release = new TaskCompletionSource();
        var run = Run(broker, topic, async (_, _) =>
        {
            await release.Task;
            return HandlingResult.Done;
        });

        var pushes = new[] { PushAsync(receiver, topic, "1"), PushAsync(receiver, topic, "1"), PushAsync(receiver, topic, "1") };
        await Patience.UntilAsync(() => run.Running == 1, run.Describe);
        release.SetResult();

        Assert.All(await Task.WhenAll(pushes), answer => Assert.Equal(PushAnswer.Done, answer));
        Assert.Equal(["1"], run.Handled);
    }

    [Fact]
    public async Task Receive_AgainAfterItsRequestWasLeft_IsHandledOnce()
    {
        var topic = NewTopic();
        var (broker, receiver) = Open(topic);
        var release = new TaskCompletionSource();
        var run = Run(broker, topic, async (_, _) =>
        {
            await release.Task;
            return HandlingResult.Done;
        });
        using var gone = new CancellationTokenSource();
        var left = PushAsync(receiver, topic, "1", gone: gone.Token);
        await Patience.UntilAsync(() => run.Running == 1, run.Describe);
        await gone.CancelAsync();
        await left;
        release.SetResult();
        await run.StopAsync();
        Assert.Equal(["1"], run.Handled);

        Assert.Equal(PushAnswer.Done, await PushAsync(receiver, topic, "1"));
        Assert.Equal(["1"], run.Handled);
    }

    [Fact]
    public async Task Receive_AttemptsThatTheServiceCounts_AreThoseOfHandlers()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 1, Retry = subscription.Retry with { MaxRetries = 3 } });
        var (broker, receiver) = Open(topic);
        var attempts = new ConcurrentQueue<int>();
        var release = new SemaphoreSlim(0);
        var run = Run(broker, topic, async (delivery, _) =>
        {
            attempts.Enqueue(delivery.Attempt);
            await release.WaitAsync(CancellationToken.None);
            return Text(delivery) == "1" ? HandlingResult.Failed("no") : HandlingResult.Done;
        });

        // The service counts deliveries that were refused too; those aren't attempts.
        var other = PushAsync(receiver, topic, "2");
        await Patience.UntilAsync(() => run.Running == 1, run.Describe);
        Assert.Equal(PushOutcome.Busy, (await PushAsync(receiver, topic, "1", attempt: 1)).Outcome);
        Assert.Equal(PushOutcome.Busy, (await PushAsync(receiver, topic, "1", attempt: 2)).Outcome);
        release.Release(3);
        await other;

        Assert.Equal(PushOutcome.Failed, (await PushAsync(receiver, topic, "1", attempt: 3)).Outcome);
        Assert.Equal(PushOutcome.Failed, (await PushAsync(receiver, topic, "1", attempt: 4)).Outcome);
        release.Release();
        Assert.Equal(PushOutcome.Failed, (await PushAsync(receiver, topic, "1", attempt: 7)).Outcome);

        Assert.Equal([1, 1, 2, 5], attempts);
    }

    [Fact]
    public async Task Receive_NobodyHandles_ComesAgain()
    {
        var topic = NewTopic();
        var (broker, receiver) = Open(topic);
        Assert.Equal(PushOutcome.Away, (await PushAsync(receiver, topic, "1")).Outcome);

        var run = Run(broker, topic, async (_, givingUp) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, givingUp);
            return HandlingResult.Done;
        });
        var unfinished = PushAsync(receiver, topic, "1");
        await Patience.UntilAsync(() => run.Running == 1, run.Describe);
        await run.GiveUpAsync();

        Assert.Equal(PushOutcome.Away, (await unfinished).Outcome);
        Assert.Equal(PushOutcome.Away, (await PushAsync(receiver, topic, "1")).Outcome);
        Assert.Empty(run.Handled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"message":null}""")]
    [InlineData("""{"message":{"data":"Nw==","publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":7,"publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","publishTime":"yesterday"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","data":"%","publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","data":7,"publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","attributes":{"a":1},"publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","attributes":[],"publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}""")]
    [InlineData("""{"message":{"messageId":"7","publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION","deliveryAttempt":"2"}""")]
    [InlineData("""{"message":{"messageId":"7","publishTime":"2026-05-01T10:00:00Z"},"subscription":"projects/tests/subscriptions/other"}""")]
    [InlineData("""{"message":{"messageId":"7","publishTime":"2026-05-01T10:00:00Z"}}""")]
    [InlineData("""{"message":{"messageId":"7","publishTime":"2026-05-01T10:00:00Z"},"subscription":"SUBSCRIPTION"}x""")]
    public async Task Receive_NoMessage_ReachesNoHandler(string body)
    {
        var topic = NewTopic();
        var (broker, receiver) = Open(topic);
        var run = Run(broker, topic, (_, _) => new(HandlingResult.Done));

        var text = body.Replace("SUBSCRIPTION", $"projects/tests/subscriptions/{topic.Subscriptions[0].Address}", StringComparison.Ordinal);
        var answer = await receiver.ReceiveAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);

        Assert.Equal(PushOutcome.Malformed, answer.Outcome);
        Assert.NotEqual("", answer.Reason);
        await run.StopAsync();
        Assert.Empty(run.Handled);
    }

    [Fact]
    public async Task Prepare_SubscriptionOfTheOtherKind_IsTold()
    {
        var topic = NewTopic();
        await ProvisionAsync(topic);
        await using (var pulling = new GooglePubSubBroker(emulator.Options, [topic]))
        {
            var line = Assert.Single(await pulling.PrepareAsync(provision: true, CancellationToken.None));
            Assert.Contains($"pushes to {_gateway.Address}", line, StringComparison.Ordinal);
        }

        var pulled = NewTopic();
        await using (var pulling = new GooglePubSubBroker(emulator.Options, [pulled]))
        {
            Assert.Empty(await pulling.PrepareAsync(provision: true, CancellationToken.None));
        }

        Assert.Contains("no push endpoint", Assert.Single(await Open(pulled).Broker.PrepareAsync(provision: true, CancellationToken.None)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_EndpointUnknown_SaysWhatToGive()
    {
        var topic = NewTopic();
        await using var broker = new GooglePubSubBroker(emulator.Options with { Pushes = [PushOf(topic) with { Endpoint = null }] }, [topic]);

        var line = Assert.Single(await broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.Contains("metadata.base_url", line, StringComparison.Ordinal);
    }

    private GooglePush PushOf(BrokerTopic topic) => new()
    {
        Topic = topic.Name,
        Subscription = "mail",
        Id = topic.Name,
        ServiceAccount = GoogleTokens.Account,
        Audience = GoogleTokens.Audience,
        Endpoint = new Uri(_gateway.Address, topic.Name),
    };

    private async Task<GooglePubSubBroker> ProvisionAsync(BrokerTopic topic)
    {
        var (broker, receiver) = Open(topic);
        _gateway.Receivers[receiver.Id] = receiver;
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        return broker;
    }

    private (GooglePubSubBroker Broker, IPushReceiver Receiver) Open(BrokerTopic topic)
    {
        var broker = new GooglePubSubBroker(emulator.Options with { Pushes = [PushOf(topic)], PushKeysAddress = _gateway.KeysAddress }, [topic]);
        _owned.Add(broker);
        return (broker, Assert.Single(broker.Receivers));
    }

    private RunningSubscription Run(GooglePubSubBroker broker, BrokerTopic topic, MessageHandler handle)
    {
        var run = RunningSubscription.Start(broker, topic.Subscriptions[0], handle);
        _owned.Add(run);
        return run;
    }

    private Func<string> Describe(RunningSubscription run) => () => $"{run.Describe()}\nanswers: {string.Join(", ", _gateway.Answers)}";

    private static Task<PushAnswer> PushAsync(IPushReceiver receiver, BrokerTopic topic, string text, int attempt = 0, CancellationToken gone = default)
    {
        var counted = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",\"deliveryAttempt\":{attempt}");
        var body = $$$"""
            {"message":{"data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}}}","messageId":"{{{text}}}","message_id":"{{{text}}}",
            "publishTime":"{{{TimeProvider.System.GetUtcNow():O}}}","attributes":{"a":"b"}},
            "subscription":"projects/tests/subscriptions/{{{topic.Subscriptions[0].Address}}}"{{{counted}}}}
            """;
        return receiver.ReceiveAsync(Encoding.UTF8.GetBytes(body), gone).WaitAsync(Patience.Long, CancellationToken.None);
    }

    private static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private static OutgoingMessage NewMessage(string text) => new() { Body = Encoding.UTF8.GetBytes(text) };

    private static BrokerTopic NewTopic(Func<BrokerSubscription, BrokerSubscription>? change = null)
    {
        var name = "push-" + Guid.NewGuid().ToString("N")[..12];
        var subscription = new BrokerSubscription
        {
            Topic = name,
            Name = "mail",
            Address = $"{name}-mail",
            Retry = new RetryPolicy(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200), 5),
        };
        return new BrokerTopic { Name = name, Address = name, Subscriptions = [change?.Invoke(subscription) ?? subscription] };
    }

    private static async Task PublishAsync(GooglePubSubBroker broker, BrokerTopic topic, params OutgoingMessage[] messages)
    {
        var results = await broker.PublisherOf(topic).PublishAsync(messages, CancellationToken.None);
        Assert.All(results, result => Assert.Null(result.Error));
    }
}
