using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>What a server says of messages that were published together.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqConfirmationTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Fact]
    public async Task FullQueue_FailsThoseThatItRefuses_AndNoOther()
    {
        const int Limit = 25;
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        await using var connection = await new ConnectionFactory { Uri = new Uri(shared.Server.Options.Servers) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-max-length"] = Limit, ["x-overflow"] = "reject-publish" };
        var full = (await channel.QueueDeclareAsync($"{_topic.Name}.full", durable: false, exclusive: false, autoDelete: true, arguments)).QueueName;
        await channel.QueueBindAsync(full, _topic.Name, "");

        var results = await broker.PublisherOf(_topic).PublishAsync([.. Enumerable.Range(0, 3 * Limit).Select(number => RabbitMqBrokerTests.Message($"{number}"))], CancellationToken.None);

        Assert.All(results[..Limit], result => Assert.Null(result.Error));
        Assert.Contains(results, result => result.Error is not null);
        Assert.All(results.Where(result => result.Error is not null), result =>
        {
            var error = Assert.IsType<BrokerException>(result.Error);
            Assert.True(error.IsTransient);
            Assert.Contains($"doesn't take a message for {_topic.Name}", error.Message, StringComparison.Ordinal);
        });

        // The server looks at the length after a message is in: some beyond the limit may get in.
        Assert.Equal((uint)results.Count(result => result.Error is null), await channel.QueuePurgeAsync(full));
    }

    [Fact]
    public async Task MessagesThatMustArrive_OneHasNoQueue_ThatOneFails()
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        await using var link = new RabbitMqLink(shared.Server.Options);
        var queue = $"{_topic.Name}.mailer";

        var errors = await link.PublishAsync(await link.OutputAsync(CancellationToken.None), [To(queue), To("nowhere"), To(queue), To("elsewhere", mustArrive: false)], CancellationToken.None);

        Assert.Equal([null, "no queue nowhere", null, null], errors.Select(error => error is BrokerException { IsTransient: false } ? error.Message.Split(" has ")[1].TrimEnd('.') : error?.Message));
    }

    [Fact]
    public async Task SilentQueue_FailsItsOwnMessages_WhileOthersAreConfirmed()
    {
        var other = RabbitMqBrokerTests.NewTopic();
        await using var broker = new RabbitMqBroker(shared.Server.Options with { ConfirmTimeout = TimeSpan.FromSeconds(5) }, [_topic, other]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));

        // The server's channel makes itself known to a queue with the first message, and waits for the answer.
        Assert.Null(Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("0")], CancellationToken.None)).Error);
        var silent = $"sys:suspend(whereis('%2F_{_topic.Name}.mailer')).";
        await shared.Server.ControlAsync("eval", silent);
        try
        {
            var waiting = broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("1"), RabbitMqBrokerTests.Message("2")], CancellationToken.None);
            var confirmed = await broker.PublisherOf(other).PublishAsync([RabbitMqBrokerTests.Message("3")], CancellationToken.None).WaitAsync(Patience.Long);

            Assert.Null(Assert.Single(confirmed).Error);
            Assert.All(await waiting.WaitAsync(Patience.Long), result =>
                Assert.Contains("doesn't confirm within 5 s", Assert.IsType<BrokerException>(result.Error).Message, StringComparison.Ordinal));
        }
        finally
        {
            await shared.Server.ControlAsync("eval", silent.Replace("suspend", "resume", StringComparison.Ordinal));
        }

        // By a channel of its own: the one that waited is gone.
        Assert.Null(Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("4")], CancellationToken.None)).Error);
    }

    [Fact]
    public async Task CallerGivesUp_WhileTheServerIsSilent_EndsTheWait()
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        await shared.Server.ControlAsync("eval", $"sys:suspend(whereis('%2F_{_topic.Name}.mailer')).");
        try
        {
            using var end = new CancellationTokenSource();
            var waiting = broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("1")], end.Token);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience.Long));
        }
        finally
        {
            await shared.Server.ControlAsync("eval", $"sys:resume(whereis('%2F_{_topic.Name}.mailer')).");
        }
    }

    [Fact]
    public async Task ConnectionEnds_WhileMessagesAreOnTheirWay_TheyFail()
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        await shared.Server.ControlAsync("eval", $"sys:suspend(whereis('%2F_{_topic.Name}.mailer')).");
        try
        {
            await using var link = new RabbitMqLink(shared.Server.Options);
            var output = await link.OutputAsync(CancellationToken.None);
            var waiting = link.PublishAsync(output, [.. Enumerable.Range(0, 300).Select(_ => To($"{_topic.Name}.mailer"))], CancellationToken.None);

            await link.DisposeAsync();

            var errors = await waiting.WaitAsync(Patience.Long);
            Assert.Equal(300, errors.Length);
            Assert.All(errors, error => Assert.Contains("is gone", Assert.IsType<BrokerException>(error).Message, StringComparison.Ordinal));
        }
        finally
        {
            await shared.Server.ControlAsync("eval", $"sys:resume(whereis('%2F_{_topic.Name}.mailer')).");
        }
    }

    private static Publication To(string queue, bool mustArrive = true) => new("", queue, new BasicProperties(), "{}"u8.ToArray(), mustArrive);
}
