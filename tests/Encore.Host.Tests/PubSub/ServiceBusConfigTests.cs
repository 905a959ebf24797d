using System.Text;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;
using Encore.Host.PubSub;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.PubSub;

/// <summary>Azure Service Bus in <c>infra.config.json</c>, to the broker that is made of it.</summary>
public sealed class ServiceBusConfigTests
{
    private const string Connection = "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=s3cretkey=";

    [Fact]
    public async Task Create_WholeConfiguration_IsABroker()
    {
        var opened = Create(
            $$"""
            { "pubsub": [{
              "type": "azure_service_bus", "connection_string": "{{Connection}}", "sasl_mechanism": "PLAIN", "management_endpoint": "https://shop.example.org/",
              "tls_config": { "ca": "-----BEGIN" }, "name_prefix": "prod-", "provision": false,
              "topics": { "orders": { "name": "orders-v2", "subscriptions": { "ledger": { "name": "prod-ledger" } } } }
            }] }
            """,
            out var problems);

        Assert.Empty(problems);
        await using var broker = Assert.IsType<OpenBroker>(opened).Broker;
        Assert.Equal(("azure_service_bus", true, true, true), (broker.Traits.Name, broker.Traits.KeepsOrder, broker.Traits.Deduplicates, broker.Traits.CanDelay));
        Assert.Equal(("orders-v2", "prod-ledger"), (opened.Config.Topics!["orders"].Address, opened.Config.Topics["orders"].Subscriptions["ledger"]));
        Assert.False(opened.Config.Provisions);
    }

    [Theory]
    [InlineData("Endpoint=sb://shop.servicebus.windows.net/", "it has neither SharedAccessKeyName and SharedAccessKey nor SharedAccessSignature")]
    [InlineData("SharedAccessKeyName=root;SharedAccessKey=s3cretkey=", "it has no Endpoint")]
    [InlineData("s3cretkey", "one of its parts has no name")]
    public void Create_MalformedConnectionString_IsToldWithItsPlaceAndWithoutTheKey(string connection, string problem)
    {
        Assert.Null(Create($$"""{ "pubsub": [{ "type": "azure_service_bus", "connection_string": "{{connection}}" }] }""", out var problems));

        var line = Assert.Single(problems);
        Assert.StartsWith("pubsub[0].connection_string: ", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.Contains("shared access policies", line, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretkey", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TlsThatTrustsAnybody_IsRefused()
    {
        Assert.Null(Create(
            $$"""{ "pubsub": [{ "type": "azure_service_bus", "connection_string": "{{Connection}}", "tls_config": { "disable_ca_validation": true } }] }""", out var problems));

        Assert.StartsWith("pubsub[0].tls_config: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Mistakes_AreToldWithPlaces()
    {
        var problems = new List<string>();
        Read("""{ "pubsub": [{ "type": "azure_service_bus", "sasl_mechanism": "SCRAM" }] }""", problems);

        Assert.Contains("/app/infra.config.json:1:14: pubsub[0].connection_string: this key is missing; add it", problems);
        Assert.Contains(problems, problem => problem.Contains("pubsub[0].sasl_mechanism: this must be ", StringComparison.Ordinal));
    }

    private static OpenBroker? Create(string text, out List<string> problems)
    {
        problems = [];
        var config = Assert.Single(Read(text, problems).Brokers);
        Assert.Empty(problems);
        var application = new LoadedApplication(new TestSchema().Build(), "", "/nowhere/app.js", SourceMapPath: null, "/nowhere");
        return new BrokerFactory(application, ApplicationDatabases.None, baseUrl: null, problems).Create(config, []);
    }

    private static InfrastructureConfig Read(string text, List<string> problems) =>
        InfrastructureReader.Read("/app/infra.config.json", Encoding.UTF8.GetBytes(text), _ => null, problems);
}
