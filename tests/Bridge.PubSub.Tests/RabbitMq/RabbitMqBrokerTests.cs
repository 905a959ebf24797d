using System.Text;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqBrokerTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = NewTopic();

    [Fact]
    public async Task Prepare_WithoutProvision_NamesWhatIsMissing()
    {
        var prefix = $"{Guid.NewGuid():N}.";
        await using var broker = new RabbitMqBroker(shared.Server.Options with { Prefix = prefix }, [_topic]);

        var missing = await broker.PrepareAsync(provision: false, CancellationToken.None);

        Assert.Contains($"exchange {prefix}{_topic.Name} (fanout, durable)", missing);
        Assert.Contains($"queue {prefix}{_topic.Name}.mailer (quorum, durable; x-delivery-limit \"1000000000\")", missing);
        Assert.Contains($"queue {prefix}{_topic.Name}.mailer.dead (quorum, durable; x-delivery-limit \"1000000000\")", missing);
        Assert.Contains($"exchange {prefix}encore.wait.4096 (fanout, durable)", missing);
        Assert.Contains(missing, line => line.StartsWith($"queue {prefix}encore.wait.4096 (quorum, durable; x-message-ttl \"4096\"; ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TopicThatIsntThere_IsNamed()
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);

        var result = Assert.Single(await broker.PublisherOf(_topic).PublishAsync([Message("a")], CancellationToken.None));

        var error = Assert.IsType<BrokerException>(result.Error);
        Assert.False(error.IsTransient);
        Assert.Contains($"no exchange {_topic.Name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_IsTold_WithoutIt()
    {
        await using var broker = new RabbitMqBroker(shared.Server.Options with { Password = "s3cret" }, [_topic]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.False(error.IsTransient, error.Message);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://host")]
    [InlineData("amqp://user:s3cret@")]
    public void MalformedAddress_IsRefused_WithoutItsPassword(string address)
    {
        var error = Assert.Throws<BrokerException>(() => new RabbitMqBroker(new RabbitMqBrokerOptions { Servers = address }, []));

        Assert.False(error.IsTransient);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(20, 16)]
    [InlineData(60, 16)]
    [InlineData(61, 64)]
    [InlineData(255, 256)]
    [InlineData(1024, 1024)]
    [InlineData(16_100, 4096)]
    [InlineData(16_140, 16_384)]
    [InlineData(600_000, 262_144)]
    [InlineData(86_400_000, 4_194_304)]
    public void NextStay_IsTheLongestThatIsNotMuchTooLong(int milliseconds, int stay) => Assert.Equal(TimeSpan.FromMilliseconds(stay), WaitPlan.Next(TimeSpan.FromMilliseconds(milliseconds)));

    internal static OutgoingMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    internal static BrokerTopic NewTopic()
    {
        var name = $"topic-{Guid.NewGuid():N}";
        var retry = new RetryPolicy(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(30), RetryPolicy.Unlimited);
        return new BrokerTopic
        {
            Name = name,
            Address = name,
            Subscriptions = [new BrokerSubscription { Topic = name, Name = "mailer", Address = "mailer", Retry = retry }],
        };
    }
}
