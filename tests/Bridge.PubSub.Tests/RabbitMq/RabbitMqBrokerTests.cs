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
        await using var broker = new RabbitMqBroker(shared.Server.Options, [_topic]);

        var missing = await broker.PrepareAsync(provision: false, CancellationToken.None);

        Assert.Contains($"exchange {_topic.Name} (fanout, durable)", missing);
        Assert.Contains($"queue {_topic.Name}.mailer (quorum, durable; x-delivery-limit \"1000000000\")", missing);
        Assert.Contains($"queue {_topic.Name}.mailer.dead (quorum, durable; x-delivery-limit \"1000000000\")", missing);
        Assert.Contains(missing, line => line.StartsWith($"queue {_topic.Name}.mailer.retry.8 (quorum", StringComparison.Ordinal));
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
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(20, 4)]
    [InlineData(1024, 10)]
    [InlineData(600_000, 19)]
    public void StepOf_IsThePowerOfTwo_AtMostTheWait(int milliseconds, int step) => Assert.Equal(step, RabbitMqNames.StepOf(TimeSpan.FromMilliseconds(milliseconds)));

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
