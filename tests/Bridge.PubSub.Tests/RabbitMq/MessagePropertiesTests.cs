using Bridge.RabbitMq;
using RabbitMQ.Client;

namespace Bridge.PubSub.Tests.RabbitMq;

public sealed class MessagePropertiesTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    [Fact]
    public void NewMessage_NeedsNoHeaders_AndTellsItsTimeToTheMillisecond()
    {
        var written = new MessageProperties { MessageId = MessageName.New(Time), PublishedAt = Time, Attributes = None };

        var amqp = written.ToAmqp();
        var read = MessageProperties.Read(amqp, []);

        Assert.Null(amqp.Headers);
        Assert.Equal(1_800_000_000, amqp.Timestamp.UnixTime);
        Assert.Equal((written.MessageId, Time, 1), (read.MessageId, read.PublishedAt, read.Attempt));
        Assert.Empty(read.Attributes);
    }

    [Fact]
    public void MessageThatIsPublishedAnewUnderItsName_TellsTheNewTime()
    {
        var later = Time.AddMilliseconds(1);
        var written = new MessageProperties { MessageId = MessageName.New(Time), PublishedAt = later, Attributes = None };

        Assert.Equal(later, MessageProperties.Read(written.ToAmqp(), []).PublishedAt);
    }

    [Fact]
    public void MessageOfAnotherProgram_WithANameThatTellsAnotherTime_IsAsOldAsItsTimestampSays()
    {
        var properties = new BasicProperties { MessageId = MessageName.New(Time.AddHours(-1)), Timestamp = new AmqpTimestamp(Time.ToUnixTimeSeconds()) };

        Assert.Equal(Time.ToUnixTimeSeconds() * 1000, MessageProperties.Read(properties, []).PublishedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void MessageWithoutAnything_IsNamedByItsBody()
    {
        var (one, two, other) = (MessageProperties.Read(new BasicProperties(), "1"u8), MessageProperties.Read(new BasicProperties(), "1"u8), MessageProperties.Read(new BasicProperties(), "2"u8));

        Assert.Equal(one.MessageId, two.MessageId);
        Assert.NotEqual(one.MessageId, other.MessageId);
        Assert.Equal(1, one.Attempt);
    }

    [Fact]
    public void AttemptThatNobodyAnsweredFor_Counts()
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-delivery-count"] = 2L };

        Assert.Equal(3, MessageProperties.Read(new BasicProperties { Headers = headers }, []).Attempt);
    }

    [Fact]
    public void Names_DifferFromEachOther_AndTellTheirTime()
    {
        var names = Enumerable.Range(0, 10_000).Select(_ => MessageName.New(Time)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(10_000, names.Count);
        Assert.All(names, name =>
        {
            var uuid = Guid.ParseExact(name, "N");
            Assert.Equal((7, 8), (uuid.Version, uuid.Variant & 0b1100));
            Assert.Equal(Time.ToUnixTimeMilliseconds(), MessageName.TimeOf(name));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("id")]
    [InlineData("0af7651916cd43dd8448eb211c80319c")]
    [InlineData("zzzzzzzzzzzz7aaaaaaaaaaaaaaaaaaa")]
    [InlineData("018f4e3c-5b7a-7cc0-8f3e-1b2c3d4e5f60")]
    public void NameOfAnotherKind_TellsNoTime(string name) => Assert.Null(MessageName.TimeOf(name));
}
