using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bridge.AzureServiceBus;
using Bridge.AzureServiceBus.Connections;
using Bridge.PubSub.Tests.Contract;
using static Bridge.PubSub.Tests.AzureServiceBus.ServiceBusTopics;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>Who is let in, and what is there.</summary>
public sealed class ServiceBusAccessTests : IAsyncLifetime
{
    private readonly FakeServiceBus _server = FakeServiceBus.Run();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("Endpoint=sb://a/;SharedAccessKeyName=root")]
    [InlineData("Endpoint=nowhere;SharedAccessKeyName=root;SharedAccessKey=s3cret")]
    [InlineData("s3cret")]
    public void MalformedConnectionString_IsRefusedWithoutItsKey(string connection)
    {
        var error = Assert.Throws<BrokerException>(() => new ServiceBusBroker(new ServiceBusBrokerOptions { ConnectionString = connection }, []));

        Assert.False(error.IsTransient);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b==", "shop.servicebus.windows.net", 5671, "https://shop.servicebus.windows.net/")]
    [InlineData("Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b==;UseDevelopmentEmulator=true;", "localhost", 5672, "http://localhost:5300/")]
    [InlineData(" endpoint = sb://localhost:7000/ ; sharedaccesskey=b== ; SharedAccessKeyName=a; usedevelopmentemulator=TRUE", "localhost", 7000, "http://localhost:5300/")]
    public void ConnectionString_IsReadAsTheServiceWritesIt(string connection, string host, int port, string management)
    {
        var place = ServiceBusNamespace.Parse(connection);

        Assert.Equal((host, port, management, "a", "b=="), (place.Host, place.Port, place.ManagementEndpoint.ToString(), place.KeyName, place.Key));
        Assert.DoesNotContain("b==", place.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_IsTheSignatureThatTheServiceDescribes()
    {
        var place = ServiceBusNamespace.Parse("Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root key;SharedAccessKey=c2VjcmV0");

        var token = place.Sign(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000));

        var signature = HMACSHA256.HashData("c2VjcmV0"u8, "sb%3A%2F%2Fshop.servicebus.windows.net%2F\n1900000000"u8);
        Assert.Equal(
            $"SharedAccessSignature sr=sb%3A%2F%2Fshop.servicebus.windows.net%2F&sig={WebUtility.UrlEncode(Convert.ToBase64String(signature))}&se=1900000000&skn=root+key", token);
    }

    [Theory]
    [InlineData(ServiceBusSignIn.Token)]
    [InlineData(ServiceBusSignIn.Password)]
    public async Task WrongKey_IsTold_WithoutIt(ServiceBusSignIn signIn)
    {
        _server.MakeTopic("orders");
        var options = _server.OptionsOf(_server.Policies[0] with { Key = "s3cret" }) with { SignIn = signIn };
        await using var broker = new ServiceBusBroker(options, [Topic()]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));

        Assert.False(error.IsTransient, error.Message);
        Assert.Contains("shared access policies", error.Help, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_InsteadOfTokens_IsEnough()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic, options => options with { SignIn = ServiceBusSignIn.Password });
        await broker.PublishAsync(topic, Message("1"));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);

        var delivery = await source.OneAsync();
        await delivery.AcknowledgeAsync(None);

        Assert.Equal("1", delivery.TextOf());
        Assert.Equal(0, _server.TokensTaken);
    }

    [Fact]
    public async Task Tokens_AreRenewedBeforeTheirEnd()
    {
        var topic = Topic("mail");
        await using var broker = await _server.PreparedAsync(topic, options => options with { TokenLifetime = TimeSpan.FromSeconds(3) });
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        await broker.PublishAsync(topic, Message("1"));
        await (await source.OneAsync()).AcknowledgeAsync(None);
        var receiving = source.OneAsync();
        var taken = _server.TokensTaken;

        await Patience.UntilAsync(() => _server.TokensTaken >= taken + 4, () => $"{_server.TokensTaken - taken} tokens more");
        await broker.PublishAsync(topic, Message("2"));

        await (await receiving).AcknowledgeAsync(None);
    }

    [Fact]
    public async Task Tls_RestsOnTheGivenAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var usable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        await using var server = FakeServiceBus.Run(usable);
        var topic = Topic("mail");
        var options = server.OptionsOf(server.Policies[0]);

        await using (var trusting = new ServiceBusBroker(options with { Authority = certificate.ExportCertificatePem() }, [topic]))
        {
            Assert.Empty(await trusting.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
            await trusting.PublishAsync(topic, Message("1"));
        }

        await using var doubting = new ServiceBusBroker(options, [topic]);
        var error = await Assert.ThrowsAsync<BrokerException>(() => doubting.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
        Assert.False(error.IsTransient, error.Message);
        Assert.Contains("certificate", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyThere_IsTransient()
    {
        await using var broker = new ServiceBusBroker(
            new ServiceBusBrokerOptions { ConnectionString = "Endpoint=sb://127.0.0.1:1/;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true" }, [Topic()]);

        var error = await Assert.ThrowsAsync<BrokerException>(() => broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));

        Assert.True(error.IsTransient);
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicyWithoutManage_SeesWhatIsThere_AndNamesWhatItCantMake()
    {
        var worker = _server.OptionsOf(_server.Policies[1]);
        await using var broker = new ServiceBusBroker(worker, [Topic("mail", "ledger")]);

        var before = await broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long);
        _server.MakeTopic("orders");
        _server.MakeSubscription("orders", "mail");
        var between = await broker.PrepareAsync(provision: false, None).WaitAsync(Patience.Long);
        _server.MakeSubscription("orders", "ledger");

        Assert.Equal(3, before.Count);
        Assert.All(before, line => Assert.Contains("it can't be made, HTTP 401: Manage claims are required.; give the policy the right Manage", line, StringComparison.Ordinal));
        Assert.Equal(["subscription ledger of the topic orders"], between);
        Assert.Empty(await broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task PolicyThatMayOnlySend_IsntKeptFromIt()
    {
        var sender = new FakePolicy("sender", "c2VuZA==", CanListen: false, CanManage: false);
        _server.Policies.Add(sender);
        _server.MakeTopic("orders");
        _server.MakeSubscription("orders", "mail");
        var topic = Topic("mail");
        await using var broker = new ServiceBusBroker(_server.OptionsOf(sender), [topic]);

        Assert.Empty(await broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
        await broker.PublishAsync(topic, Message("1"));
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);
        var error = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, None).WaitAsync(Patience.Long));

        Assert.False(error.IsTransient);
        Assert.Contains("Send, Listen", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntityOfAnotherKind_IsTold()
    {
        await using (await _server.PreparedAsync(Topic("mail")))
        {
        }

        var wanted = Topic("mail") with { IsOrdered = true, Guarantee = DeliveryGuarantee.ExactlyOnce };
        await using var broker = new ServiceBusBroker(_server.OptionsOf(_server.Policies[0]), [wanted]);

        Assert.Equal(
            [
                "topic orders (with duplicate detection): the one that is there has none, which can't be changed",
                "subscription mail of the topic orders (with sessions): the one that is there has no sessions, which can't be changed",
            ],
            await broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task LongName_IsCutAndToldApart()
    {
        var (one, two) = (new string('a', 60), new string('a', 59) + "b");
        var topic = Topic(one, two);
        await using var broker = await _server.PreparedAsync(topic);
        await broker.PublishAsync(topic, Message("1"));

        foreach (var subscription in topic.Subscriptions)
        {
            await using var source = await broker.OpenAsync(subscription, None);
            await (await source.OneAsync()).AcknowledgeAsync(None);
        }
    }

    [Fact]
    public async Task MissingTopicOrSubscription_IsNamed()
    {
        var topic = Topic("mail");
        await using var broker = new ServiceBusBroker(_server.OptionsOf(_server.Policies[0]), [topic]);
        await using var source = await broker.OpenAsync(topic.Subscriptions[0], None);

        var result = Assert.Single(await broker.PublisherOf(topic).PublishAsync([Message("1")], None).WaitAsync(Patience.Long));
        var error = await Assert.ThrowsAsync<BrokerException>(() => source.ReceiveAsync(1, None).WaitAsync(Patience.Long));

        Assert.False(Assert.IsType<BrokerException>(result.Error).IsTransient);
        Assert.Contains("orders", result.Error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Contains("orders/Subscriptions/mail", error.Message, StringComparison.Ordinal);
    }
}
