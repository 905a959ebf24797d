using System.Globalization;
using System.Text;
using Bridge.Nsq;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.Nsq;

/// <summary>Connections to nsqd that are compressed.</summary>
public sealed class NsqCompressionTests
{
    private static readonly BrokerSubscription Mail = new() { Topic = "orders", Name = "mail", Address = "mail" };
    private static readonly BrokerTopic Orders = new() { Name = "orders", Address = "orders", Subscriptions = [Mail] };

    [Theory]
    [InlineData(NsqCompression.Deflate, false)]
    [InlineData(NsqCompression.Snappy, false)]
    [InlineData(NsqCompression.Deflate, true)]
    [InlineData(NsqCompression.Snappy, true)]
    public async Task Messages_OfEverySize_ComeWhole(NsqCompression compression, bool hasTls)
    {
        using var certificate = hasTls ? NsqBrokerTests.NewCertificate() : null;
        await using var server = new FakeNsqd { Certificate = certificate, Secret = "s3" };
        await using var broker = BrokerFor(new NsqBrokerOptions
        {
            Hosts = [server.Address],
            AuthSecret = "s3",
            Compression = compression,
            Tls = certificate is null ? null : new NsqTls { CertificateAuthority = certificate.ExportCertificatePem() },
        });
        var texts = Sizes().Select(size => Noise(size)).Concat(Sizes().Select(size => new string('a', size))).ToArray();
        Assert.All(await PublishAsync(broker, texts), result => Assert.Null(result.Error));
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);

        var arrived = new List<string>();
        while (arrived.Count < texts.Length)
        {
            foreach (var delivery in await source.ReceiveAsync(texts.Length, CancellationToken.None).WaitAsync(Patience.Long))
            {
                arrived.Add(Encoding.UTF8.GetString(delivery.Body.Span).Trim('"'));
                await delivery.AcknowledgeAsync(CancellationToken.None);
            }
        }

        Assert.Equal(texts.Order(StringComparer.Ordinal), arrived.Order(StringComparer.Ordinal));
        Assert.All(server.Compressions, agreed => Assert.Equal(compression == NsqCompression.Deflate ? "deflate 6" : "snappy", agreed));
        Assert.NotEmpty(server.Compressions);
    }

    [Theory]
    [InlineData(1, 6, 1)]
    [InlineData(9, 6, 6)]
    [InlineData(9, 9, 9)]
    public async Task DeflateLevel_IsAskedFor_AndLessIsTaken(int asked, int most, int agreed)
    {
        await using var server = new FakeNsqd { MaxDeflateLevel = most };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Compression = NsqCompression.Deflate, DeflateLevel = asked });

        Assert.Null((await PublishAsync(broker, "1"))[0].Error);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"deflate {agreed}"), Assert.Single(server.Compressions));
    }

    [Fact]
    public async Task None_IsNotCompressed()
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address] });

        Assert.Null((await PublishAsync(broker, "1"))[0].Error);
        Assert.Empty(server.Compressions);
    }

    [Theory]
    [InlineData(NsqCompression.Deflate, "--deflate=false")]
    [InlineData(NsqCompression.Snappy, "--snappy=false")]
    public async Task NotGranted_SaysSoAndWhatToDo(NsqCompression compression, string option)
    {
        await using var server = new FakeNsqd { HasDeflate = compression != NsqCompression.Deflate, HasSnappy = compression != NsqCompression.Snappy };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Compression = compression });

        var error = Assert.IsType<BrokerException>((await PublishAsync(broker, "1"))[0].Error);
        Assert.Equal($"nsqd at {server.Address} doesn't compress its connections by {option.Split('=')[0].Trim('-')}.", error.Message);
        Assert.Contains(option, error.Help, StringComparison.Ordinal);
        Assert.Contains("\"none\"", error.Help, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));
        Assert.Equal(error.Message, refusal.Message);
    }

    [Fact]
    public async Task Identify_NotUnderstood_SaysWhatCame()
    {
        await using var server = new FakeNsqd { Negotiates = false };
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Compression = NsqCompression.Snappy });

        var error = Assert.IsType<BrokerException>((await PublishAsync(broker, "1"))[0].Error);
        Assert.Contains("\"OK\" is no answer to IDENTIFY", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NsqCompression.Deflate, "what came isn't compressed by deflate")]
    [InlineData(NsqCompression.Snappy, "what came isn't compressed by snappy: a chunk has 8355711 bytes")]
    [InlineData(NsqCompression.None, "a frame of 2139062143 bytes")]
    public async Task Garbage_EndsTheConnection_AndSaysWhy(NsqCompression compression, string reason)
    {
        await using var server = new FakeNsqd();
        await using var connection = await NsqConnection.OpenAsync(
            server.Address, new NsqBrokerOptions { Compression = compression }, TimeSpan.FromMinutes(1), static (_, _) => { }, CancellationToken.None);
        await connection.AskAsync(NsqCommands.Subscribe("orders", "probe"), CancellationToken.None);

        server.Garble();
        await connection.Ended.WaitAsync(Patience.Long);

        var error = await Assert.ThrowsAsync<BrokerException>(() => connection.SayAsync(NsqCommands.Nop));
        Assert.StartsWith($"The connection to nsqd at {server.Address} broke: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("compression \"none\"", error.Help, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData(NsqCompression.Deflate)]
    [InlineData(NsqCompression.Snappy)]
    public async Task Garbage_IsFollowedByAnotherConnection(NsqCompression compression)
    {
        await using var server = new FakeNsqd();
        await using var broker = BrokerFor(new NsqBrokerOptions { Hosts = [server.Address], Compression = compression });
        await using var source = await broker.OpenAsync(Mail, CancellationToken.None);
        await PublishAsync(broker, "1");
        await Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long)).AcknowledgeAsync(CancellationToken.None);
        var before = server.Compressions.Count;

        server.Garble();
        await Patience.UntilAsync(async () => (await PublishAsync(broker, "2"))[0].Error is null, () => "not published");

        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(Patience.Long));
        Assert.Equal("2", Encoding.UTF8.GetString(delivery.Body.Span).Trim('"'));
        Assert.True(server.Compressions.Count > before);
    }

    [Theory]
    [InlineData(NsqCompression.Deflate)]
    [InlineData(NsqCompression.Snappy)]
    public async Task Close_WithTalkGoingOn_EndsBothWays(NsqCompression compression)
    {
        await using var server = new FakeNsqd();
        var connection = await NsqConnection.OpenAsync(
            server.Address, new NsqBrokerOptions { Compression = compression }, TimeSpan.FromMinutes(1), static (_, _) => { }, CancellationToken.None);
        var talk = Enumerable.Range(0, 200).Select(_ => connection.AskAsync(NsqCommands.Publish("orders", Encoding.UTF8.GetBytes(Noise(10_000))), CancellationToken.None)).ToArray();
        await talk[0];
        await connection.DisposeAsync();

        var ends = await Task.WhenAll(talk.Select(async asked => await asked.ContinueWith(static task => task.Exception?.InnerException, TaskScheduler.Default)));
        Assert.All(ends, end => Assert.True(end is null or BrokerException, end?.ToString()));
        await Patience.UntilAsync(() => server.Connections == 0, () => "still connected");
    }

    private static int[] Sizes() => [1, 100, 65_000, 65_536, 70_000, 140_000, 400_000];

    // Text that nothing much can be saved of.
    private static string Noise(int size)
    {
        var random = new Random(size);
        return string.Create(size, random, static (text, source) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = (char)source.Next('0', 'z' + 1) is var letter && letter != '\\' ? letter : '-';
            }
        });
    }

    private static NsqBroker BrokerFor(NsqBrokerOptions options) => new(options, [Orders]);

    private static Task<PublishResult[]> PublishAsync(NsqBroker broker, params string[] texts) =>
        broker.PublisherOf(Orders)
            .PublishAsync([.. texts.Select(text => new OutgoingMessage { Body = Encoding.UTF8.GetBytes($"\"{text}\"") })], CancellationToken.None)
            .WaitAsync(Patience.Long);
}
