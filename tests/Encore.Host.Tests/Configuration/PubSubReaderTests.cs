using System.Text;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.Tests.Configuration;

/// <summary>The brokers of <c>infra.config.json</c>.</summary>
public sealed class PubSubReaderTests
{
    [Fact]
    public void Read_EveryOwnBroker_HasItsSettings()
    {
        var config = Read(
            """
            { "pubsub": [
              { "type": "nats", "url": "nats://a:4222,b:4222", "token": { "$env": "TOKEN" }, "provision": false,
                "tls_config": { "ca": "-----BEGIN", "disable_tls_hostname_verification": true },
                "topics": { "orders": { "name": "prod.orders", "subscriptions": { "ledger": { "name": "prod-ledger" }, "mail": {} } } } },
              { "type": "postgres", "database": "shop", "topics": { "audit": {} } },
              { "type": "embedded", "path": "/var/messages.db" }
            ] }
            """,
            out var problems);

        Assert.Empty(problems);
        var (nats, postgres, embedded) = (config.Brokers[0], config.Brokers[1], config.Brokers[2]);
        Assert.Equal(("pubsub[0]", "nats", false, "nats://a:4222,b:4222", "secret"), (nats.Place, nats.Type, nats.Provisions, nats.Settings["url"], nats.Settings["token"]));
        Assert.Equal(new BrokerTls("-----BEGIN", null, SkipsHostname: true, SkipsAuthority: false), nats.Tls);
        Assert.Equal("prod.orders", nats.Topics!["orders"].Address);
        Assert.Equal([("ledger", "prod-ledger"), ("mail", "mail")], nats.Topics["orders"].Subscriptions.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(("shop", "audit", true), (postgres.Settings["database"], postgres.Topics!["audit"].Address, postgres.Provisions));
        Assert.Equal(("/var/messages.db", true), (embedded.Settings["path"], embedded.Topics is null));
        Assert.DoesNotContain("secret", nats.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Mistakes_AreToldWithPlaces()
    {
        Read(
            """
            { "pubsub": [
              { "type": "nats" },
              { "type": "redis_streams", "host": "r:6379", "topic": {} },
              { "type": "carrier_pigeon" },
              { "type": "postgres", "database": "shop", "topics": { "a": { "name": 5 } } }
            ] }
            """,
            out var problems);

        Assert.Equal(
            [
                "/app/infra.config.json:2:3: pubsub[0].url: this key is missing; add it",
                "/app/infra.config.json:3:48: pubsub[1].topic: there is no such key; did you mean topics?",
                "/app/infra.config.json:5:72: pubsub[3].topics.a.name: this must be a string",
            ],
            problems.Where(problem => !problem.Contains("pubsub[2]", StringComparison.Ordinal)));
        Assert.Contains(problems, problem => problem.StartsWith("/app/infra.config.json:4:13: pubsub[2].type: this must be one of gcp_pubsub, aws_sns_sqs, nsq, kafka,", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_TopicTwiceOrTwoForTheRest_IsTold()
    {
        Read(
            """
            { "pubsub": [
              { "type": "embedded", "topics": { "a": {} } },
              { "type": "postgres", "database": "shop", "topics": { "a": {} } },
              { "type": "nats", "url": "nats://a" },
              { "type": "rabbitmq", "url": "amqp://a" }
            ] }
            """,
            out var problems);

        Assert.Equal(
            [
                "/app/infra.config.json:3:57: pubsub[1].topics.a: this topic stands on another broker already; remove one of the two",
                "/app/infra.config.json:5:3: pubsub[3].topics: pubsub[2] takes all topics that stand nowhere else already; list this one's topics",
            ],
            problems);
    }

    private static InfrastructureConfig Read(string text, out List<string> problems)
    {
        problems = [];
        return InfrastructureReader.Read("/app/infra.config.json", Encoding.UTF8.GetBytes(text), name => name == "TOKEN" ? "secret" : null, problems);
    }
}
