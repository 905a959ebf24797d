using System.Text;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;
using Encore.Host.PubSub;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.PubSub;

/// <summary>NSQ in <c>infra.config.json</c>, to the broker that is made of it.</summary>
public sealed class NsqConfigTests
{
    [Theory]
    [InlineData("")]
    [InlineData(""", "compression": "none" """)]
    [InlineData(""", "compression": "snappy" """)]
    [InlineData(""", "compression": "deflate" """)]
    [InlineData(""", "compression": "deflate", "deflate_level": 9 """)]
    [InlineData(""", "compression": { "$env": "KIND" }, "deflate_level": { "$env": "LEVEL" } """)]
    public async Task Create_Compression_IsABroker(string settings)
    {
        var problems = new List<string>();
        var config = Assert.Single(Read(settings, problems).Brokers);
        var application = new LoadedApplication(new TestSchema().Build(), "", "/nowhere/app.js", SourceMapPath: null, "/nowhere");
        var opened = new BrokerFactory(application, ApplicationDatabases.None, baseUrl: null, problems).Create(config, []);

        Assert.Empty(problems);
        await using var broker = Assert.IsType<OpenBroker>(opened).Broker;
        Assert.Equal("nsq", broker.Traits.Name);
    }

    [Theory]
    [InlineData(""", "compression": "gzip" """, "2:18: pubsub[0].compression: this must be one of none, deflate, snappy")]
    [InlineData(""", "compression": "deflate", "deflate_level": 0 """, "2:46: pubsub[0].deflate_level: this must be a whole number from 1 to 9")]
    [InlineData(""", "compression": "deflate", "deflate_level": "6" """, "2:46: pubsub[0].deflate_level: this must be a whole number from 1 to 9")]
    [InlineData(""", "compression": "snappy", "deflate_level": 6 """, "2:45: pubsub[0].deflate_level: this is for compression \"deflate\" only; set that, or leave the level out")]
    [InlineData(""", "deflate_level": 6 """, "2:20: pubsub[0].deflate_level: this is for compression \"deflate\" only; set that, or leave the level out")]
    public void Read_Mistakes_AreToldWithPlaces(string settings, string problem)
    {
        var problems = new List<string>();
        Read(settings, problems);

        Assert.Equal(["/app/infra.config.json:" + problem], problems);
    }

    private static InfrastructureConfig Read(string settings, List<string> problems) =>
        InfrastructureReader.Read(
            "/app/infra.config.json",
            Encoding.UTF8.GetBytes($$"""{ "pubsub": [{ "type": "nsq", "hosts": "nsq:4150", "topics": {}{{"\n" + settings}}}] }"""),
            name => name switch { "KIND" => "deflate", "LEVEL" => "3", _ => null },
            problems);
}
