using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>Connections that are encrypted.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqTlsTests(SharedRabbitMqServer shared)
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Fact]
    public async Task CertificateOfTheAuthority_IsTrusted()
    {
        await using var broker = new RabbitMqBroker(Options(), [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.Null(Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("1")], CancellationToken.None)).Error);
        await using var source = await broker.OpenAsync(_topic.Subscriptions[0], CancellationToken.None);
        var delivery = Assert.Single(await source.ReceiveAsync(1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal("1"u8, delivery.Body.Span);
        await delivery.AcknowledgeAsync(CancellationToken.None);
    }

    [Fact]
    public Task CertificateOfAnotherAuthority_IsRefused() => AssertIsRefusedAsync(Options() with { Tls = Tls() with { Authority = new RabbitMqCertificates().Authority } });

    [Fact]
    public Task CertificateOfNoAuthorityThatTheSystemTrusts_IsRefused() => AssertIsRefusedAsync(Options() with { Tls = Tls() with { Authority = null } });

    [Fact]
    public Task CertificateOfAnotherHost_IsRefused() => AssertIsRefusedAsync(Options("localhost"));

    [Fact]
    public async Task NoClientCertificate_IsRefusedByTheServer()
    {
        await using var broker = new RabbitMqBroker(Options() with { Tls = Tls() with { ClientCertificate = null, ClientKey = null } }, [_topic]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));

        Assert.Contains($"127.0.0.1:{shared.Server.TlsPort}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", true)]
    public async Task WhatIsSkipped_IsntLookedAt(string host, bool skipsAuthority)
    {
        var tls = skipsAuthority ? Tls() with { Authority = null, SkipsAuthority = true } : Tls() with { SkipsHostname = true };
        await using var broker = new RabbitMqBroker(Options(host) with { Tls = tls }, [_topic]);

        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
    }

    private async Task AssertIsRefusedAsync(RabbitMqBrokerOptions options)
    {
        await using var broker = new RabbitMqBroker(options, [_topic]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, CancellationToken.None));
        var result = Assert.Single(await broker.PublisherOf(_topic).PublishAsync([RabbitMqBrokerTests.Message("1")], CancellationToken.None));

        Assert.False(error.IsTransient, error.Message);
        Assert.Contains("certificate", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("authority", error.Help, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.IsType<BrokerException>(result.Error).Message);
    }

    private RabbitMqBrokerOptions Options(string host = "127.0.0.1") =>
        shared.Server.Options with { Servers = $"amqps://{host}:{shared.Server.TlsPort}", Tls = Tls() };

    private RabbitMqTls Tls() => new()
    {
        Authority = shared.Server.Certificates.Authority,
        ClientCertificate = shared.Server.Certificates.Client.Certificate,
        ClientKey = shared.Server.Certificates.Client.Key,
    };
}
