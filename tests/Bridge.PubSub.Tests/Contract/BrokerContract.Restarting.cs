using System.Globalization;

namespace Bridge.PubSub.Tests.Contract;

/// <content>A server that dies and returns loses nothing it had said it has.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task Restart_MessagesFromBefore_Arrive()
    {
        if (!Fixture.CanRestart)
        {
            return;
        }

        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessages(50));

        await Fixture.StopServerAsync();
        await Fixture.StartServerAsync();
        await using var source = await OpenSourceAsync(broker, topic);
        var deliveries = await ReceiveAsync(source, 50);

        Assert.Equal(Enumerable.Range(0, 50), deliveries.Select(NumberOf).Order());
        await AcknowledgeAsync(deliveries);
    }

    [Fact]
    public async Task Restart_WhileReceiving_ReceivingResumes()
    {
        if (!Fixture.CanRestart)
        {
            return;
        }

        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await using var source = await OpenSourceAsync(broker, topic);
        var receiving = ReceiveOneAsync(source);

        await Fixture.StopServerAsync();
        await Fixture.StartServerAsync();
        await PublishPatientlyAsync(broker, topic, NewMessage("1"));

        var delivery = await receiving;
        Assert.Equal("1", TextOf(delivery));
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Restart_ServerGone_PublishingFailsClearlyOrArrives()
    {
        if (!Fixture.CanRestart)
        {
            return;
        }

        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("before"));
        await Fixture.StopServerAsync();

        var publishing = broker.PublisherOf(topic).PublishAsync([NewMessage("meanwhile")], CancellationToken.None);
        await Task.WhenAny(publishing, Task.Delay(TimeSpan.FromSeconds(1)));
        await Fixture.StartServerAsync();
        var result = (await publishing.WaitAsync(Patience.Long))[0];
        await PublishPatientlyAsync(broker, topic, NewMessage("after"));

        if (result.Error is { } error)
        {
            Assert.True(Assert.IsType<BrokerException>(error).IsTransient);
            Assert.NotEqual("", error.Message);
        }

        await using var source = await OpenSourceAsync(broker, topic);
        var expected = result.Error is null ? new HashSet<string> { "before", "meanwhile", "after" } : ["before", "after"];
        while (expected.Count > 0)
        {
            var delivery = await ReceiveOneAsync(source);
            expected.Remove(TextOf(delivery));
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Restart_ThreeTimesWhileMessagesFlow_LosesNothingAcknowledged()
    {
        if (!Fixture.CanRestart)
        {
            return;
        }

        var topic = NewTopic(
            subscription => subscription with { AckDeadline = Fixture.ShortLease * 2, Retry = subscription.Retry with { MaxRetries = RetryPolicy.Unlimited } }, "mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));
        using var enough = new CancellationTokenSource();
        var publishing = Task.WhenAll(Enumerable.Range(0, 8).Select(publisher => PublishUntilAsync(broker, topic, publisher, enough.Token)));

        for (var restart = 0; restart < 3; restart++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            await Fixture.StopServerAsync();
            await Fixture.StartServerAsync();
        }

        var handled = run.Handled.Count;
        await Patience.UntilAsync(() => run.Handled.Count > handled, run.Describe);
        await enough.CancelAsync();
        var taken = (await publishing).SelectMany(texts => texts).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(taken);
        await Patience.UntilAsync(() => taken.IsSubsetOf(run.Handled), () => $"{taken.Except(run.Handled).Count()} of {taken.Count} missing; {run.Describe()}");
        Assert.Empty(run.Dead);
    }

    /// <summary>Publishes one after the other, and goes on after failures with the next.</summary>
    /// <returns>The texts of those that the broker said it has.</returns>
    private static async Task<List<string>> PublishUntilAsync(IMessageBroker broker, BrokerTopic topic, int publisher, CancellationToken enough)
    {
        var taken = new List<string>();
        var output = broker.PublisherOf(topic);
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{publisher}:{number}");
            var result = (await output.PublishAsync([NewMessage(text)], CancellationToken.None).WaitAsync(Patience.Long, CancellationToken.None))[0];
            if (result.Error is null)
            {
                taken.Add(text);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(result.Error is null ? 1 : 50), CancellationToken.None);
        }

        return taken;
    }

    private static async Task PublishPatientlyAsync(IMessageBroker broker, BrokerTopic topic, OutgoingMessage message)
    {
        var error = "";
        await Patience.UntilAsync(
            async () =>
            {
                var result = (await broker.PublisherOf(topic).PublishAsync([message], CancellationToken.None).WaitAsync(Patience.Long))[0];
                error = result.Error?.Message ?? "";
                return result.Error is null;
            },
            () => error);
    }
}
