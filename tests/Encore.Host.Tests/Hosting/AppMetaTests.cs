using System.Net;
using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Hosting;
using Encore.Host.ServiceCalls;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Hosting;

/// <summary>What <c>appMeta()</c> says.</summary>
public sealed class AppMetaTests
{
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 4000);

    [Fact]
    public void Describe_Development_IsThisMachine()
    {
        var meta = Describe(TestHost.Options);

        Assert.Equal("test-app", meta.GetProperty("appId").GetString());
        Assert.Equal("http://127.0.0.1:4000", meta.GetProperty("apiBaseUrl").GetString());
        Assert.Equal("""{"name":"local","type":"development","cloud":"local"}""", meta.GetProperty("environment").GetRawText());
        Assert.Equal("""{"test":{"name":"test"}}""", meta.GetProperty("deploy").GetProperty("hostedServices").GetRawText());
    }

    [Fact]
    public void Describe_Configured_IsWhatTheInfrastructureSays()
    {
        var meta = Describe(TestHost.Options with
        {
            Environment = HostEnvironment.Production,
            Infrastructure = InfrastructureConfig.Empty with
            {
                Metadata = new MetadataConfig { AppId = "shop", EnvName = "prod-eu", EnvType = "production", Cloud = "aws", BaseUrl = "https://shop.example/" },
            },
        });

        Assert.Equal("shop", meta.GetProperty("appId").GetString());
        Assert.Equal("https://shop.example", meta.GetProperty("apiBaseUrl").GetString());
        Assert.Equal("""{"name":"prod-eu","type":"production","cloud":"aws"}""", meta.GetProperty("environment").GetRawText());
    }

    [Fact]
    public void Describe_SomeServicesElsewhere_NamesThoseThatRunHere()
    {
        var application = TestApplication.Create(schema => schema.Services.Add(new ServiceSchema { Name = "other" }));
        var placement = ServicePlacement.Of(application.Schema, InfrastructureConfig.Empty with { HostedServices = ["other"] }, []);

        var meta = JsonDocument.Parse(AppMeta.Describe(application, TestHost.Options, placement, Address)).RootElement;

        Assert.Equal("""{"other":{"name":"other"}}""", meta.GetProperty("deploy").GetProperty("hostedServices").GetRawText());
    }

    private static JsonElement Describe(HttpHostOptions options) =>
        JsonDocument.Parse(AppMeta.Describe(TestApplication.Create(), options, ServicePlacement.AllOf(TestApplication.Create().Schema), Address)).RootElement;
}
