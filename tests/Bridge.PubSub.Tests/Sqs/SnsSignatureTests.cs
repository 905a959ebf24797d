using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bridge.Sqs;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>Requests to SNS carry a signature that AWS would find right.</summary>
public sealed class SnsSignatureTests
{
    private const string Taken =
        """<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful><member><MessageId>m-1</MessageId><Id>0</Id></member></Successful></PublishBatchResult></PublishBatchResponse>""";

    private static readonly BrokerTopic Topic = new() { Name = "mail", Address = "arn:aws:sns:eu-west-1:123456789012:mail" };

    [Theory]
    [InlineData(null)]
    [InlineData("token")]
    public async Task Publish_Request_IsSignedByVersion4(string? token)
    {
        using var aws = new FakeAws(_ => (200, Taken));
        await using var broker = new SqsBroker(aws.Options with { SessionToken = token }, [Topic]);

        var results = await broker.PublisherOf(Topic).PublishAsync([new() { Body = "\"ü=&+ \""u8.ToArray() }], CancellationToken.None);

        Assert.Equal("m-1", Assert.Single(results).MessageId);
        var request = aws.Requests.Last();
        Assert.Contains("Action=PublishBatch", request.Body, StringComparison.Ordinal);
        Assert.Contains("Message=%22%C3%BC%3D%26%2B%20%22", request.Body, StringComparison.Ordinal);
        Assert.Equal(token, request.Headers["x-amz-security-token"]);
        Assert.Equal(Sign(request), request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Publish_Refused_SaysWhyAndWhatToDo()
    {
        using var aws = new FakeAws(_ => (403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is invalid.</Message></Error></ErrorResponse>"));
        await using var broker = new SqsBroker(aws.Options, [Topic]);

        var result = Assert.Single(await broker.PublisherOf(Topic).PublishAsync([new() { Body = "1"u8.ToArray() }], CancellationToken.None));

        var error = Assert.IsType<BrokerException>(result.Error);
        Assert.False(error.IsTransient);
        Assert.Contains("mail: InvalidClientTokenId: The security token is invalid.", error.Message, StringComparison.Ordinal);
        Assert.Contains("access key", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_TooFast_IsTriedAgain()
    {
        var asked = 0;
        using var aws = new FakeAws(request => request.Body.Contains("Action=PublishBatch", StringComparison.Ordinal) && Interlocked.Increment(ref asked) < 3
            ? (400, "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>")
            : (200, Taken));
        await using var broker = new SqsBroker(aws.Options, [Topic]);

        var result = Assert.Single(await broker.PublisherOf(Topic).PublishAsync([new() { Body = "1"u8.ToArray() }], CancellationToken.None));

        Assert.Equal("m-1", result.MessageId);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Publish_UncertainEnd_IsNotTriedAgain()
    {
        var asked = 0;
        using var aws = new FakeAws(request =>
        {
            asked += request.Body.Contains("Action=PublishBatch", StringComparison.Ordinal) ? 1 : 0;
            return asked > 0 ? (500, "<ErrorResponse><Error><Code>InternalFailure</Code><Message>Oh</Message></Error></ErrorResponse>") : (200, "<r/>");
        });
        await using var broker = new SqsBroker(aws.Options, [Topic]);

        var result = Assert.Single(await broker.PublisherOf(Topic).PublishAsync([new() { Body = "1"u8.ToArray() }], CancellationToken.None));

        Assert.True(Assert.IsType<BrokerException>(result.Error).IsTransient);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Prepare_MayNotLook_TakesItAsItIs()
    {
        using var aws = new FakeAws(request => request.Action == "GetQueueUrl"
            ? (200, """{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/mail"}""")
            : request.Action.Length > 0
                ? (400, """{"__type":"com.amazon.coral.service#AccessDeniedException","message":"not authorized"}""")
                : (403, "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>not authorized</Message></Error></ErrorResponse>"));
        var subscription = new BrokerSubscription { Topic = "mail", Name = "mail", Address = "arn:aws:sqs:eu-west-1:123456789012:mail" };
        await using var broker = new SqsBroker(aws.Options, [Topic with { Subscriptions = [subscription] }]);

        Assert.Empty(await broker.PrepareAsync(provision: false, CancellationToken.None));
        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));
        Assert.Contains("allow", error.Help, StringComparison.Ordinal);
    }

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    private static string Sign(FakeRequest request)
    {
        var time = request.Headers["X-Amz-Date"]!;
        var names = request.Headers["Authorization"]!.Split("SignedHeaders=")[1].Split(',')[0];
        Assert.Contains("host", names.Split(';'));
        var headers = string.Concat(names.Split(';').Select(name => $"{name}:{request.Headers[name]?.Trim()}\n"));
        var canonical = $"POST\n{request.Url.AbsolutePath}\n\n{headers}\n{names}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request.Body)))}";
        var scope = $"{time[..8]}/eu-west-1/sns/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4secret"), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        var signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return string.Create(CultureInfo.InvariantCulture, $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
