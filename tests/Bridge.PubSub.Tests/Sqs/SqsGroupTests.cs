using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.Sqs;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>AWS gives several messages of one group with one answer, which the test server doesn't: their order is kept here.</summary>
public sealed class SqsGroupTests
{
    private static readonly BrokerSubscription Subscription = new()
    {
        Topic = "orders",
        Name = "ledger",
        Address = "arn:aws:sqs:eu-west-1:123456789012:ledger.fifo",
    };

    private static readonly BrokerTopic Topic = new()
    {
        Name = "orders",
        Address = "arn:aws:sns:eu-west-1:123456789012:orders.fifo",
        IsOrdered = true,
        Subscriptions = [Subscription],
    };

    private readonly ConcurrentQueue<string> _deleted = [];
    private readonly ConcurrentQueue<string> _hidden = [];
    private int _received;

    [Fact]
    public async Task Receive_SeveralOfAGroup_ComeOneAfterTheOther()
    {
        using var aws = new FakeAws(request => Answer(request, "a1", "b1", "a2", "a3"));
        await using var broker = new SqsBroker(aws.Options, [Topic]);
        await using var source = await broker.OpenAsync(Subscription, CancellationToken.None);

        var first = await source.ReceiveAsync(10, CancellationToken.None);
        var next = source.ReceiveAsync(10, CancellationToken.None);
        Assert.Equal(["a1", "b1"], first.Select(TextOf));
        await first[1].AcknowledgeAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        await first[0].AcknowledgeAsync(CancellationToken.None);
        var second = Assert.Single(await next);
        await second.AcknowledgeAsync(CancellationToken.None);
        var third = Assert.Single(await source.ReceiveAsync(10, CancellationToken.None));

        Assert.Equal(["a2", "a3"], new[] { second, third }.Select(TextOf));
        Assert.Equal(["b1", "a1", "a2"], _deleted);
        // Each began its lease anew when its turn came.
        Assert.Equal(["a2:30", "a3:30"], _hidden);
    }

    [Fact]
    public async Task Retry_FirstOfAGroup_GivesTheOthersBack()
    {
        using var aws = new FakeAws(request => Answer(request, "a1", "a2", "a3"));
        await using var broker = new SqsBroker(aws.Options, [Topic]);
        await using var source = await broker.OpenAsync(Subscription, CancellationToken.None);

        await Assert.Single(await source.ReceiveAsync(10, CancellationToken.None)).RetryAsync(TimeSpan.FromSeconds(60), CancellationToken.None);

        await Contract.Patience.UntilAsync(() => _hidden.Count == 3, () => string.Join(' ', _hidden));
        Assert.Equal("a1:60", _hidden.First());
        Assert.Equal(["a1:60", "a2:0", "a3:0"], _hidden.Order(StringComparer.Ordinal));
        Assert.Empty(_deleted);
    }

    [Fact]
    public async Task Extend_FirstOfAGroup_ExtendsTheOthers()
    {
        using var aws = new FakeAws(request => Answer(request, "a1", "a2"));
        await using var broker = new SqsBroker(aws.Options, [Topic]);
        await using var source = await broker.OpenAsync(Subscription, CancellationToken.None);

        await Assert.Single(await source.ReceiveAsync(10, CancellationToken.None)).ExtendAsync(CancellationToken.None);

        Assert.Equal(["a1:30", "a2:30"], _hidden);
    }

    [Fact]
    public async Task Receive_QueueIsGone_SaysWhatToDo()
    {
        using var aws = new FakeAws(request => request.Action == "ReceiveMessage"
            ? (400, """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""")
            : Answer(request));
        await using var broker = new SqsBroker(aws.Options, [Topic]);
        await using var source = await broker.OpenAsync(Subscription, CancellationToken.None);

        var error = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, CancellationToken.None));

        Assert.False(error.IsTransient);
        Assert.Contains("ledger.fifo", error.Message, StringComparison.Ordinal);
        Assert.Contains("provision", error.Help, StringComparison.Ordinal);
    }

    private static string TextOf(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private (int Status, string Body) Answer(FakeRequest request, params string[] messages)
    {
        switch (request.Action)
        {
            case "GetQueueUrl":
                return (200, """{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/ledger.fifo"}""");
            case "ReceiveMessage":
                return (200, Interlocked.Increment(ref _received) == 1 ? Received(messages) : "{}");
            default:
                var ids = new JsonArray();
                foreach (var entry in JsonNode.Parse(request.Body)!["Entries"]!.AsArray())
                {
                    var receipt = entry!["ReceiptHandle"]!.GetValue<string>();
                    if (request.Action == "DeleteMessageBatch")
                    {
                        _deleted.Enqueue(receipt);
                    }
                    else
                    {
                        _hidden.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{receipt}:{entry["VisibilityTimeout"]}"));
                    }

                    ids.Add(new JsonObject { ["Id"] = entry["Id"]!.GetValue<string>() });
                }

                return (200, new JsonObject { ["Successful"] = ids, ["Failed"] = new JsonArray() }.ToJsonString());
        }
    }

    private static string Received(string[] messages) => JsonSerializer.Serialize(new
    {
        Messages = messages.Select(text => new
        {
            MessageId = "id-" + text,
            ReceiptHandle = text,
            Body = text,
            MD5OfBody = MD5Of(text),
            Attributes = new { MessageGroupId = text[..1], ApproximateReceiveCount = "1", SentTimestamp = "1700000000000" },
        }),
    });

#pragma warning disable CA5351 // Justification: SQS's protocol asks for it; it protects nothing.
    private static string MD5Of(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
