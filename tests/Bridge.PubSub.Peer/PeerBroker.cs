using Bridge.Core.PubSub;
using Bridge.Kafka;
using Bridge.Nats;
using Bridge.Postgres.PubSub;
using Bridge.RabbitMq;
using Bridge.Redis;
using Bridge.Sqlite;
using Bridge.Sqs;

namespace Bridge.PubSub.Peer;

/// <summary>A broker that peers share.</summary>
/// <param name="Type">Its type, as configuration names it.</param>
/// <param name="Address">Where it is: a path, a URL, a host and port, a connection string.</param>
public sealed record PeerBroker(string Type, string Address)
{
    /// <summary>A connection of one's own to it.</summary>
    public IMessageBroker Open(BrokerTopic topic) => Type switch
    {
        "embedded" => new SqliteBroker(new SqliteBrokerOptions { Path = Address }, [topic]),
        "nats" => new NatsBroker(new NatsBrokerOptions { Servers = Address }, [topic]),
        "rabbitmq" => new RabbitMqBroker(new RabbitMqBrokerOptions { Servers = Address }, [topic]),
        "postgres" => new PostgresBroker(new PostgresBrokerOptions { ConnectionString = Address, PollInterval = TimeSpan.FromSeconds(1) }, [topic]),
        "redis_streams" => OpenRedis(topic),
        "kafka" => new KafkaBroker(
            new KafkaBrokerOptions { BootstrapServers = Address, PublishTimeout = TimeSpan.FromSeconds(5), SessionTimeout = TimeSpan.FromSeconds(2) }, [topic]),
        "aws_sns_sqs" => new SqsBroker(
            new SqsBrokerOptions
            {
                Region = "eu-west-1",
                Endpoint = new Uri(Address),
                AccessKeyId = "key",
                SecretAccessKey = "secret",
                LongPoll = TimeSpan.FromSeconds(1),
            },
            [topic]),
        _ => throw new ArgumentException($"There is no broker of the type {Type}."),
    };

    private RedisStreamsBroker OpenRedis(BrokerTopic topic)
    {
        var address = new Uri(Address);
        return new RedisStreamsBroker(
            new RedisBrokerOptions { Host = address.Host, Port = address.Port, Durability = RedisDurability.Always, PollInterval = TimeSpan.FromSeconds(1) }, [topic]);
    }
}
