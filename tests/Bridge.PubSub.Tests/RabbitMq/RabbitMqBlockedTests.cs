using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>A server that doesn't do what it is asked: it is short of memory, or a queue has no leader.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqBlockedTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Fact]
    public async Task ServerShortOfMemory_PublishingSaysSo_AndMessagesAreHandledAllTheSame()
    {
        var options = shared.Server.Options with { ConfirmTimeout = TimeSpan.FromSeconds(1), ReconnectPatience = TimeSpan.Zero };
        await using var broker = new RabbitMqBroker(options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.Null((await PublishAsync(broker, "before")).Error);

        await shared.Server.ControlAsync("set_vm_memory_high_watermark", "0.000001");
        try
        {
            // The server takes note of its memory now and then, and says so to whoever publishes.
            BrokerException? error = null;
            await Patience.UntilAsync(
                async () => (error = (await PublishAsync(broker, "meanwhile")).Error as BrokerException) is { } && error.Message.Contains("lets nobody publish", StringComparison.Ordinal),
                () => error?.Message ?? "published");
            Assert.True(error!.IsTransient);
            Assert.Contains("memory", error.Message, StringComparison.Ordinal);

            await using var source = await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);
            var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));
            Assert.Equal("before", Encoding.UTF8.GetString(delivery.Body.Span));
            await delivery.AcknowledgeAsync(CancellationToken.None);
        }
        finally
        {
            await shared.Server.ControlAsync("set_vm_memory_high_watermark", "0.4");
        }

        await PublishPatientlyAsync(broker, "after");
    }

    [Fact]
    public async Task QueueThatNobodyAnswersFor_IsReported_AndServesAgainOnceSomebodyDoes()
    {
        await using (var maker = new RabbitMqBroker(shared.Server.Options, [_topic]))
        {
            Assert.Empty(await maker.PrepareAsync(provision: true, CancellationToken.None));
        }

        var queue = $"{_topic.Name}.mailer";
        await using var broker = new RabbitMqBroker(shared.Server.Options with { ConfirmTimeout = TimeSpan.FromSeconds(2) }, [_topic]);
        await shared.Server.ControlAsync("eval", $"sys:suspend(whereis('%2F_{queue}')).");
        RunningSubscription run;
        try
        {
            run = RunningSubscription.Start(broker, _topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));
            var error = Assert.IsType<BrokerException>((await PublishAsync(broker, "1")).Error);
            Assert.True(error.IsTransient);
            Assert.Contains("doesn't confirm", error.Message, StringComparison.Ordinal);
            await Patience.UntilAsync(() => run.Reports.Any(report => report.Contains($"doesn't answer for the queue {queue}", StringComparison.Ordinal)), run.Describe);
        }
        finally
        {
            await shared.Server.ControlAsync("eval", $"sys:resume(whereis('%2F_{queue}')).");
        }

        await using (run)
        {
            await PublishPatientlyAsync(broker, "2");
            await Patience.UntilAsync(() => run.Handled.Contains("2"), run.Describe);
        }
    }

    private async Task PublishPatientlyAsync(RabbitMqBroker broker, string text)
    {
        var last = "";
        await Patience.UntilAsync(async () => (last = (await PublishAsync(broker, text)).Error?.Message ?? "").Length == 0, () => last);
    }

    private async Task<PublishResult> PublishAsync(RabbitMqBroker broker, string text) =>
        Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message(text)], CancellationToken.None).WaitAsync(Patience.Long));
}
