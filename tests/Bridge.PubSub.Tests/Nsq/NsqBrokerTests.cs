using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bridge.Nsq;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>What only NSQ has.</summary>
public sealed class NsqBrokerTests
{
    private static readonly BrokerSubscription Mail = new() { Topic = "orders", Name = "mail", Address = "mail" };
    private static readonly BrokerTopic Orders = new() { Name = "orders", Address = "orders", Subscriptions = [Mail] };

    [Fact]
    public async Task Publish_OfOne_WritesEncoresFrame()
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address] });
        var id = (await PublishAsync(broker, Message("""{"a":[1,"ü"]}""") with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = "v" } }))[0].MessageId;

        await using var connection = await RawAsync(server, "orders", "probe");
        Assert.Equal($$$"""{"id":"{{{id}}}","attrs":{"k":"v"},"body":{"a":[1,"ü"]}}""", Encoding.UTF8.GetString((await connection.Message).Span));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"id":"a","attrs":3,"body":1}""")]
    [InlineData("""{"id":"a","attrs":{},"encoding":"base64","body":"%"}""")]
    public async Task Receive_OfWhatOthersPublished_GivesItWhole(string text)
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address] });
        server.Topic("orders").Put(new FakeMessage("00000000000000aa", 1_000_000, Encoding.UTF8.GetBytes(text)), TimeSpan.Zero);
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);

        var delivery = await ReceiveOneAsync(source);
        Assert.Equal(text, Encoding.UTF8.GetString(delivery.Body.Span));
        Assert.Equal("00000000000000aa", delivery.MessageId);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(1), delivery.PublishedAt);
        Assert.Empty(delivery.Attributes);

        // Given up and replayed it is still the same.
        await delivery.DeadLetterAsync(new DeadLetterReason(DeadLetterCause.Invalid, "no"), CancellationToken.None);
        Assert.Equal(1, await broker.DeadLettersOf(Mail).ReplayAsync(ids: null, CancellationToken.None));
        Assert.Equal(text, Encoding.UTF8.GetString((await ReceiveOneAsync(source)).Body.Span));
    }

    [Fact]
    public async Task Publish_TooLongOrTooLate_IsRefusedHere_AndTheOthersGo()
    {
        await using var server = new FakeNsqd { MaxMessageSize = 200 };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], MaxMessageSize = 200 });
        var results = await PublishAsync(
            broker, Message($"\"{new string('x', 200)}\""), Message("1"), Message("2") with { DeliverAt = DateTimeOffset.UtcNow.AddHours(2) });

        Assert.Contains("--max-msg-size", AssertFinal(results[0]).Help, StringComparison.Ordinal);
        Assert.NotNull(results[1].MessageId);
        Assert.Contains("--max-req-timeout", AssertFinal(results[2]).Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_TooLongForNsqd_SaysWhatItSays_AndTheNextGoes()
    {
        await using var server = new FakeNsqd { MaxMessageSize = 200 };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address] });
        var error = AssertFinal((await PublishAsync(broker, Message($"\"{new string('x', 200)}\"")))[0]);

        Assert.Contains(server.Address, error.Message, StringComparison.Ordinal);
        Assert.Contains("E_BAD_MESSAGE", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await PublishAsync(broker, Message("1")))[0].MessageId);
    }

    [Fact]
    public async Task Publish_WithOneOfTwoAway_GoesToTheOther_AndBothAreRead()
    {
        await using var one = new FakeNsqd();
        await using var two = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [one.Address, two.Address] });
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        for (var number = 0; number < 4; number++)
        {
            Assert.Null((await PublishAsync(broker, Message($"{number}")))[0].Error);
        }

        Assert.Equal((2, 2), (one.Topic("orders").Channel("mail").Depth, two.Topic("orders").Channel("mail").Depth));
        await two.StopAsync();
        for (var number = 4; number < 8; number++)
        {
            // One that finds the connection cut on its way can't be known to have arrived.
            var result = (await PublishAsync(broker, Message($"{number}")))[0];
            if (result.Error is not null)
            {
                Assert.Null((await PublishAsync(broker, Message($"{number}")))[0].Error);
            }
        }

        two.Start();
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        while (texts.Count < 8)
        {
            texts.Add(Encoding.UTF8.GetString((await ReceiveOneAsync(source)).Body.Span));
        }
    }

    [Fact]
    public async Task Lookup_FindsThoseThatHaveTheTopic_AlsoLater()
    {
        await using var one = new FakeNsqd();
        await using var two = new FakeNsqd();
        await using var lookup = new FakeLookupd(one, two);
        await using var broker = BrokerFor(new NsqBrokerOptions { Lookups = [lookup.Address], LookupInterval = TimeSpan.FromMilliseconds(50) });
        one.Topic("orders").Put(new FakeMessage("0000000000000001", 0, "{}"u8.ToArray()), TimeSpan.Zero);
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        Assert.Equal("0000000000000001", (await ReceiveOneAsync(source)).MessageId);

        two.Topic("orders").Put(new FakeMessage("0000000000000002", 0, "{}"u8.ToArray()), TimeSpan.Zero);
        Assert.Equal("0000000000000002", (await ReceiveOneAsync(source)).MessageId);
    }

    [Fact]
    public async Task Lookup_Away_LetsThoseThatAreNamedGoOn()
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Lookups = ["127.0.0.1:1"] });
        Assert.Null((await PublishAsync(broker, Message("1")))[0].Error);
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        Assert.Equal(1, (await ReceiveOneAsync(source)).Attempt);
    }

    [Fact]
    public async Task Prepare_WithNobodyThere_SaysWhereAndWhatToDo()
    {
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = ["127.0.0.1:1"] });
        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: false, CancellationToken.None));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.NotEqual("", error.Help);
        Assert.True(error.IsTransient);

        await using var blind = BrokerFor(new NsqBrokerOptions { Lookups = ["127.0.0.1:1"] });
        Assert.Contains("4161", (await Assert.ThrowsAsync<BrokerException>(() => blind.PrepareAsync(provision: false, CancellationToken.None))).Help, StringComparison.Ordinal);
        await using var lost = BrokerFor(new NsqBrokerOptions());
        await Assert.ThrowsAsync<BrokerException>(() => lost.PrepareAsync(provision: false, CancellationToken.None));
    }

    [Fact]
    public async Task Secret_RightWrongAndMissing()
    {
        await using var server = new FakeNsqd { Secret = "s3" };
        await using var right = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], AuthSecret = "s3" });
        Assert.NotNull((await PublishAsync(right, Message("1")))[0].MessageId);

        await using var wrong = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], AuthSecret = "s4" });
        Assert.Contains("secret", AssertFinal((await PublishAsync(wrong, Message("1")))[0]).Help, StringComparison.Ordinal);
        await using var source = await wrong.OpenAsync(Mail, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));
        Assert.Contains("E_AUTH_FAILED", refusal.Message, StringComparison.Ordinal);

        await using var missing = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address] });
        Assert.Contains("secret", AssertFinal((await PublishAsync(missing, Message("1")))[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_WithItsAuthority_CarriesMessages_AndWithoutIsRefused()
    {
        using var certificate = NewCertificate();
        await using var server = new FakeNsqd { Certificate = certificate };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Tls = new NsqTls { CertificateAuthority = certificate.ExportCertificatePem() } });
        await PublishAsync(broker, Message("7"));
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        Assert.Equal("7", Encoding.UTF8.GetString((await ReceiveOneAsync(source)).Body.Span));

        await using var strict = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Tls = new NsqTls() });
        Assert.NotNull((await PublishAsync(strict, Message("1")))[0].Error);
        await using var lax = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Tls = new NsqTls { TrustsAll = true } });
        Assert.Null((await PublishAsync(lax, Message("1")))[0].Error);

        await using var plain = new FakeNsqd();
        await using var asking = BrokerFor(new NsqBrokerOptions { Hosts = [plain.Address], Tls = new NsqTls() });
        Assert.Contains("TLS", AssertFinal((await PublishAsync(asking, Message("1")))[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeats_AreAnswered_AndASilentNsqdIsLeft()
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], HeartbeatInterval = TimeSpan.FromMilliseconds(300) });
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        var receiving = source.ReceiveAsync(1, CancellationToken.None);
        await Patience.UntilAsync(() => server.Commands.Count(command => command == "NOP") >= 6, () => string.Join(' ', server.Commands));
        Assert.Equal(2, server.Commands.Count(command => command.StartsWith("SUB", StringComparison.Ordinal)));

        server.IsMute = true;
        await Patience.UntilAsync(() => server.Commands.Count(command => command.StartsWith("IDENTIFY", StringComparison.Ordinal)) > 2, () => string.Join(' ', server.Commands));
        server.IsMute = false;
        await server.StopAsync();
        server.Start();
        await Patience.UntilAsync(async () => (await PublishAsync(broker, Message("1")))[0].Error is null, () => "not published");
        Assert.Single(await receiving.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Names_ThatNsqdDoesntTake_AreHashedAsEncoreDoes()
    {
        await using var server = new FakeNsqd();
        var name = "orders/" + new string('x', 60);
        var topic = Orders with { Address = name };
        await using var broker = new NsqBroker(new NsqBrokerOptions { Hosts = [server.Address] }, [topic]);
        Assert.Null((await broker.PublisherOf(topic).PublishAsync([Message("1")], CancellationToken.None))[0].Error);

        Assert.True(server.HasTopic(Convert.ToHexStringLower(SHA3_256.HashData(Encoding.UTF8.GetBytes(name)))));
    }

    [Fact]
    public async Task Retry_LaterThanNsqdCan_ComesAsLateAsItCan()
    {
        await using var server = new FakeNsqd { MaxDelay = TimeSpan.FromMilliseconds(100) };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], MaxDelay = TimeSpan.FromMilliseconds(100) });
        await PublishAsync(broker, Message("1"));
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        await (await ReceiveOneAsync(source)).RetryAsync(TimeSpan.FromDays(1), CancellationToken.None);

        Assert.Equal(2, (await ReceiveOneAsync(source)).Attempt);
    }

    private static NsqBroker BrokerFor(NsqBrokerOptions options) => new(options, [Orders]);

    private static OutgoingMessage Message(string json) => new() { Body = Encoding.UTF8.GetBytes(json) };

    private static Task<PublishResult[]> PublishAsync(NsqBroker broker, params OutgoingMessage[] messages) =>
        broker.PublisherOf(Orders).PublishAsync(messages, CancellationToken.None).WaitAsync(Patience.Long);

    private static async Task<Delivery> ReceiveOneAsync(IMessageSource source) =>
        Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));

    private static BrokerException AssertFinal(PublishResult result)
    {
        var error = Assert.IsType<BrokerException>(result.Error);
        Assert.False(error.IsTransient, error.Message);
        return error;
    }

    private static async Task<Raw> RawAsync(FakeNsqd server, string topic, string channel)
    {
        var arrival = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = await NsqConnection.OpenAsync(
            server.Address, new NsqBrokerOptions(), TimeSpan.FromMinutes(1), (_, message) => arrival.TrySetResult(message.Body), CancellationToken.None);
        await connection.AskAsync(NsqCommands.Subscribe(topic, channel), CancellationToken.None);
        await connection.SayAsync(NsqCommands.Ready(1));
        return new Raw(connection, arrival.Task.WaitAsync(Patience.Long));
    }

    internal static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private sealed record Raw(NsqConnection Connection, Task<ReadOnlyMemory<byte>> Message) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
