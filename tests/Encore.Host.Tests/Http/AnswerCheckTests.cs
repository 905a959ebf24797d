using Encore.Host.Configuration;
using Encore.Host.Http;

namespace Encore.Host.Tests.Http;

public sealed class AnswerCheckTests
{
    [Fact]
    public async Task Answer_ThatIsNotOfItsType_IsNamedOnceInDevelopment()
    {
        await using var host = await TestHost.StartAsync();

        var first = await host.GetAsync("/items/5");
        var second = await host.GetAsync("/items/6");
        var right = await host.GetAsync("/items/7?limit=1");

        Assert.Equal("{\"id\":5,\"limit\":null}", first.Body);
        var line = Assert.Single(host.LoggedOf(first), entry => entry.GetProperty("level").GetString() == "warn");
        Assert.Equal(
            "the answer isn't what its type says at /limit: invalid type: null, expected a number (NaN and Infinity become null)",
            line.GetProperty("message").GetString());
        Assert.Equal(("item", "/limit", "type"), (line.GetProperty("endpoint").GetString(), line.GetProperty("path").GetString(), line.GetProperty("rule").GetString()));
        Assert.DoesNotContain(host.LoggedOf(second), entry => entry.GetProperty("level").GetString() == "warn");
        Assert.DoesNotContain(host.LoggedOf(right), entry => entry.GetProperty("level").GetString() == "warn");
    }

    [Fact]
    public async Task Answer_ThatIsNotOfItsType_IsNotLookedAtInProduction()
    {
        await using var host = await TestHost.StartAsync(TestHost.Options with { Environment = HostEnvironment.Production });

        var response = await host.GetAsync("/items/5");

        Assert.Equal("{\"id\":5,\"limit\":null}", response.Body);
        Assert.DoesNotContain(host.LoggedOf(response), entry => entry.GetProperty("level").GetString() == "warn");
    }

    [Fact]
    public void Routes_InProduction_HaveNoCheck()
    {
        var schema = TestApplication.Create().Schema;

        Assert.All(Enumerable.Range(0, schema.Endpoints.Count), index => Assert.Null(EndpointRoutes.Compile(schema)[index].Check));
        Assert.Contains(Enumerable.Range(0, schema.Endpoints.Count), index => EndpointRoutes.Compile(schema, checksAnswers: true)[index].Check is not null);
    }
}
