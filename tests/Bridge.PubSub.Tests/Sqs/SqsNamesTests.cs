using System.Text.Json.Nodes;
using Bridge.Sqs;
using Bridge.Sqs.Provisioning;
using Bridge.Sqs.Queues;

namespace Bridge.PubSub.Tests.Sqs;

public sealed class SqsNamesTests
{
    [Theory]
    [InlineData("arn:aws:sqs:eu-west-1:123456789012:orders.fifo", "orders.fifo", "123456789012", "eu-west-1", true)]
    [InlineData("https://sqs.us-east-2.amazonaws.com/123456789012/orders", "orders", "123456789012", "us-east-2", false)]
    [InlineData("http://127.0.0.1:4566/000000000000/orders", "orders", "000000000000", null, false)]
    [InlineData("orders", "orders", null, null, false)]
    public void Parse_ArnUrlOrName_IsUnderstood(string address, string name, string? account, string? region, bool isFifo)
    {
        var parsed = AwsName.Parse(address);

        Assert.Equal((name, account, region, isFifo), (parsed.Name, parsed.Account, parsed.Region, parsed.IsFifo));
    }

    [Fact]
    public void DeadLetterName_LongOrFifo_FitsAndStaysApart()
    {
        var one = new AwsName { Name = new string('a', 80) };
        var two = new AwsName { Name = new string('a', 79) + "b" };

        Assert.Equal("orders-dead", new AwsName { Name = "orders.fifo" }.DeadLetterName());
        Assert.InRange(one.DeadLetterName().Length, 60, AwsName.MaxQueueName);
        Assert.EndsWith("-dead", one.DeadLetterName(), StringComparison.Ordinal);
        Assert.NotEqual(one.DeadLetterName(), two.DeadLetterName());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Sid":"theirs","Effect":"Deny"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":{"Sid":"theirs","Effect":"Deny"}}""")]
    public void Allow_Policy_KeepsWhatWasThere(string? policy)
    {
        var allowed = QueuePolicy.Allow(policy, "arn:queue", "arn:topic")!;

        var statements = JsonNode.Parse(allowed)!["Statement"]!.AsArray();
        Assert.Equal(policy is null ? 1 : 2, statements.Count);
        Assert.Equal(policy is null ? null : "theirs", statements[0]!["Sid"]?.GetValue<string>());
        Assert.Equal("arn:topic", statements[^1]!["Condition"]!["ArnEquals"]!["aws:SourceArn"]!.GetValue<string>());
        Assert.Null(QueuePolicy.Allow(allowed, "arn:queue", "arn:topic"));
    }

    [Fact]
    public void Read_EnvelopeOfAws_GivesIdTimeAndAttributes()
    {
        var envelope = SnsEnvelope.Read(
            """
            {
              "Type" : "Notification",
              "MessageId" : "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
              "TopicArn" : "arn:aws:sns:us-west-2:123456789012:mail",
              "Message" : "{\"to\":\"ü\"}",
              "Timestamp" : "2012-05-02T00:54:06.655Z",
              "SignatureVersion" : "1",
              "MessageAttributes" : { "kind" : {"Type":"String","Value":"signup"} }
            }
            """);

        Assert.Equal("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", envelope!.MessageId);
        Assert.Equal("{\"to\":\"ü\"}"u8.ToArray(), envelope.Body.ToArray());
        Assert.Equal(new DateTimeOffset(2012, 5, 2, 0, 54, 6, 655, TimeSpan.Zero), envelope.PublishedAt);
        Assert.Equal("signup", envelope.Attributes["kind"]);
    }

    [Theory]
    [InlineData("{\"to\":\"x\"}")]
    [InlineData("{\"TopicArn\":\"x\"}")]
    [InlineData("{\"TopicArn\"")]
    [InlineData("\"TopicArn\"")]
    public void Read_SomethingElse_IsNoEnvelope(string text) => Assert.Null(SnsEnvelope.Read(text));
}
