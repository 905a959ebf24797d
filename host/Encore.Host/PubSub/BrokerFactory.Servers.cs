using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bridge.Core.PubSub;
using Bridge.Kafka;
using Bridge.Nats;
using Bridge.Nsq;
using Bridge.RabbitMq;
using Bridge.Redis;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.PubSub;

/// <content>Brokers that people run themselves.</content>
internal sealed partial class BrokerFactory
{
    private const int RedisPort = 6379;

    private static NatsBroker CreateNats(BrokerConfig config, IReadOnlyList<BrokerTopic> topics) => new(
        new NatsBrokerOptions
        {
            Servers = config.Settings["url"],
            User = Text(config, "username"),
            Password = Text(config, "password"),
            Token = Text(config, "token"),
            Prefix = Text(config, "name_prefix") ?? "",
            Replicas = Number(config, "replicas") ?? 1,
            Tls = config.Tls is { } tls
                ? new NatsTls
                {
                    Authority = tls.Authority,
                    ClientCertificate = tls.Client?.Certificate,
                    ClientKey = tls.Client?.Key,
                    SkipsHostname = tls.SkipsHostname,
                    SkipsAuthority = tls.SkipsAuthority,
                }
                : new NatsTls(),
        },
        topics);

    private static RabbitMqBroker CreateRabbitMq(BrokerConfig config, IReadOnlyList<BrokerTopic> topics) => new(
        new RabbitMqBrokerOptions
        {
            Servers = config.Settings["url"],
            User = Text(config, "username"),
            Password = Text(config, "password"),
            Prefix = Text(config, "name_prefix") ?? "",
            Tls = config.Tls is { } tls
                ? new RabbitMqTls
                {
                    Authority = tls.Authority,
                    ClientCertificate = tls.Client?.Certificate,
                    ClientKey = tls.Client?.Key,
                    SkipsHostname = tls.SkipsHostname,
                    SkipsAuthority = tls.SkipsAuthority,
                }
                : new RabbitMqTls(),
        },
        topics);

    private KafkaBroker? CreateKafka(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        var (name, password) = (Text(config, "username"), Text(config, "password"));
        if (name is null != password is null)
        {
            Refuse(config, "username", "username and password go together: give both or neither");
            return null;
        }

        if (config.Tls is { SkipsAuthority: true })
        {
            Refuse(config, "tls_config.disable_ca_validation", "Kafka's client has no such way; name the certificates that vouch for the brokers as ca");
            return null;
        }

        var defaults = new KafkaBrokerOptions { BootstrapServers = config.Settings["brokers"] };
        return new KafkaBroker(
            defaults with
            {
                Partitions = Number(config, "partitions") ?? defaults.Partitions,
                ReplicationFactor = (short?)Number(config, "replication_factor") ?? defaults.ReplicationFactor,
                Prefix = Text(config, "name_prefix") ?? "",
                Tls = config.Tls is { } tls
                    ? new KafkaTls
                    {
                        CertificateAuthority = tls.Authority,
                        Certificate = tls.Client?.Certificate,
                        Key = tls.Client?.Key,
                        SkipsHostNames = tls.SkipsHostname,
                    }
                    : null,
                Sasl = name is not null && password is not null ? new KafkaSasl(Text(config, "sasl_mechanism") ?? "PLAIN", name, password) : null,
            },
            topics);
    }

    private static NsqBroker CreateNsq(BrokerConfig config, IReadOnlyList<BrokerTopic> topics) => new(
        new NsqBrokerOptions
        {
            Hosts = List(config, "hosts"),
            Lookups = List(config, "lookupds"),
            AuthSecret = Text(config, "auth_secret"),
            Compression = Text(config, "compression") switch
            {
                "deflate" => NsqCompression.Deflate,
                "snappy" => NsqCompression.Snappy,
                _ => NsqCompression.None,
            },
            DeflateLevel = Number(config, "deflate_level") ?? NsqBrokerOptions.DefaultDeflateLevel,
            Prefix = Text(config, "name_prefix") ?? "",
            Tls = config.Tls is { } tls
                ? new NsqTls
                {
                    CertificateAuthority = tls.Authority,
                    Certificate = tls.Client?.Certificate,
                    Key = tls.Client?.Key,
                    TrustsAll = tls.SkipsAuthority,
                }
                : null,
        },
        topics);

    private RedisStreamsBroker? CreateRedis(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        if (HostAndPort.Parse(config.Settings["host"], RedisPort) is not { } address)
        {
            Refuse(config, "host", "this must be a host, or a host and its port: redis.example.org:6379");
            return null;
        }

        if (config.Tls is { SkipsAuthority: true } or { SkipsHostname: true })
        {
            Refuse(config, "tls_config", "Redis's connection is checked whole; name the certificate that vouches for the server as ca");
            return null;
        }

        if (!TryReadTls(config, out var tls))
        {
            return null;
        }

        var options = new RedisBrokerOptions
        {
            Host = address.Host,
            Port = address.Port,
            User = Text(config, "username"),
            Password = Text(config, "password"),
            Database = Number(config, "database_index") ?? 0,
            Durability = Text(config, "durability") switch
            {
                "none" => RedisDurability.None,
                "always" => RedisDurability.Always,
                _ => RedisDurability.EverySecond,
            },
            Tls = tls,
        };
        return new RedisStreamsBroker(Text(config, "key_prefix") is { } prefix ? options with { Prefix = prefix } : options, topics);
    }

    private bool TryReadTls(BrokerConfig config, out RedisTls? tls)
    {
        tls = null;
        if (config.Tls is not { } wanted)
        {
            return true;
        }

        try
        {
            tls = new RedisTls(
                wanted.Authority is { } authority ? X509Certificate2.CreateFromPem(authority) : null,
                wanted.Client is { } client ? X509Certificate2.CreateFromPem(client.Certificate, client.Key) : null);
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            Refuse(config, "tls_config", $"a certificate or key in it isn't PEM: {error.Message}");
            return false;
        }
    }

    private static int? Number(BrokerConfig config, string key) =>
        Text(config, key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string[] List(BrokerConfig config, string key) =>
        Text(config, key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
