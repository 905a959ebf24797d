using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Cron;
using Encore.Host.Hosting;
using Encore.Host.ServiceCalls;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>Which services a process runs, and what it says when that can't be.</summary>
public sealed class ServicePlacementTests
{
    private static readonly AuthKey[] Keys = [new(1, "secret")];

    [Fact]
    public void UnknownService_IsAProblemThatNamesTheKnown() =>
        Assert.Equal(
            ["hosted_services: the application has no service shoop; it has shop, store"],
            ProblemsOf(new InfrastructureConfig { HostedServices = ["shop", "store", "shoop"] }));

    [Fact]
    public void CalledServiceThatIsNowhere_IsAProblemThatNamesBothWaysOut()
    {
        var problem = Assert.Single(ProblemsOf(new InfrastructureConfig { HostedServices = ["shop"] }));

        Assert.StartsWith("shop calls the service store, which is neither hosted here nor known elsewhere", problem, StringComparison.Ordinal);
        Assert.Contains("add \"store\" to hosted_services, or \"store\": {\"base_url\"", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceThatNobodyHereCalls_MayBeAnywhere() => Assert.Empty(ProblemsOf(new InfrastructureConfig { HostedServices = ["store"] }));

    [Fact]
    public void LocationWithoutAKey_IsAProblem() =>
        Assert.Contains("service_discovery.store: there is no key to sign calls with", Assert.Single(ProblemsOf(Discovering([]))), StringComparison.Ordinal);

    [Fact]
    public void LocationWithAKey_IsNone() => Assert.Empty(ProblemsOf(Discovering(Keys)));

    [Fact]
    public async Task Start_WithProblems_ThrowsAllOfThem()
    {
        var options = TestHost.Options with { Infrastructure = new InfrastructureConfig { HostedServices = ["shop", "x"] } };

        var error = await Assert.ThrowsAsync<StartException>(() => TestHost.StartAsync(options, ShopApplication.Create()));

        Assert.Equal(2, error.Problems.Count);
    }

    [Theory]
    [InlineData("shop", 0)]
    [InlineData("store", 1)]
    public void CronJobs_AreThoseOfServicesThatRunHere(string service, int jobs)
    {
        var schema = ShopApplication.Create().Schema;
        var placement = ServicePlacement.Of(schema, new InfrastructureConfig { HostedServices = [service] }, []);

        Assert.Equal(jobs, CronJob.Of(schema, placement.IsHosted, []).Count);
    }

    [Theory]
    [InlineData("store", true, 12, 1)]
    [InlineData("store", false, 12, 0)]
    [InlineData("shop", true, 12, 12)]
    public void PartOf_HasWhatRunsHere_ExposedToWhomItIs(string service, bool servesClients, int endpoints, int exposed)
    {
        var schema = ShopApplication.Create().Schema;
        var infrastructure = new InfrastructureConfig { HostedServices = [service], HostedGateways = servesClients ? null : [] };

        var part = ServicePlacement.Of(schema, infrastructure, []).PartOf(schema);

        Assert.Equal((endpoints, exposed), (part.Endpoints.Count, part.Endpoints.Count(endpoint => endpoint.Expose)));
    }

    private static InfrastructureConfig Discovering(AuthKey[] keys) => new()
    {
        HostedServices = ["shop"],
        ServiceDiscovery = new Dictionary<string, ServiceLocation> { ["store"] = new("http://store", keys) },
    };

    private static List<string> ProblemsOf(InfrastructureConfig infrastructure)
    {
        var problems = new List<string>();
        ServicePlacement.Of(ShopApplication.Create().Schema, infrastructure, problems);
        return problems;
    }
}
