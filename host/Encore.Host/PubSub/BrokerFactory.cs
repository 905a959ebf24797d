using System.Diagnostics;
using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Bridge.Sqlite;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;

namespace Encore.Host.PubSub;

/// <summary>A broker with the configuration it was made from.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Broker">The broker; not connected yet.</param>
internal sealed record OpenBroker(BrokerConfig Config, IMessageBroker Broker);

/// <summary>Makes brokers of what the configuration says. The one place that knows them all.</summary>
/// <param name="application">The application.</param>
/// <param name="databases">Its databases.</param>
/// <param name="baseUrl">Where clients reach the application; null where the configuration doesn't say.</param>
/// <param name="problems">Receives a line for each mistake.</param>
internal sealed partial class BrokerFactory(LoadedApplication application, ApplicationDatabases databases, string? baseUrl, ICollection<string> problems)
{
    /// <summary>The type of the broker that runs within the host.</summary>
    public const string EmbeddedType = "embedded";

    /// <summary>The type of the broker that is a database of the application's.</summary>
    public const string PostgresType = "postgres";

    /// <summary>Makes a broker; connects to nothing yet.</summary>
    /// <param name="config">Which, and where it is.</param>
    /// <param name="topics">What it has to carry.</param>
    /// <returns>The broker; null where the configuration can't be followed.</returns>
    public OpenBroker? Create(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        IMessageBroker? broker = config.Type switch
        {
            EmbeddedType => new SqliteBroker(new SqliteBrokerOptions { Path = PathOf(application, config) }, topics),
            PostgresType => CreatePostgres(config, topics),
            "nats" => CreateNats(config, topics),
            "rabbitmq" => CreateRabbitMq(config, topics),
            "redis_streams" => CreateRedis(config, topics),
            "kafka" => CreateKafka(config, topics),
            "nsq" => CreateNsq(config, topics),
            "aws_sns_sqs" => CreateSqs(config, topics),
            "gcp_pubsub" => CreateGooglePubSub(config, topics),
            "azure_service_bus" => CreateServiceBus(config, topics),
            _ => throw new UnreachableException($"The form of the configuration lets a broker {config.Type} through."),
        };
        return broker is null ? null : new OpenBroker(config, broker);
    }

    /// <summary>The file of the embedded broker.</summary>
    private static string PathOf(LoadedApplication application, BrokerConfig config) =>
        Path.GetFullPath(config.Settings.GetValueOrDefault("path") ?? Path.Combine(".encore", "pubsub", "messages.db"), application.Root);

    private PostgresBroker? CreatePostgres(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        var name = config.Settings["database"];
        if (databases.All.FirstOrDefault(database => database.Name == name) is not { } found)
        {
            var known = databases.All.Count == 0 ? "it declares none" : "it has " + string.Join(", ", databases.All.Select(database => database.Name));
            Refuse(config, "database", $"the application has no database {name}; {known}");
            return null;
        }

        return new PostgresBroker(new PostgresBrokerOptions { ConnectionString = found.ConnectionString, Configure = found.Address.Protect }, topics);
    }

    private static string? Text(BrokerConfig config, string key) => config.Settings.GetValueOrDefault(key);

    private IMessageBroker? Refuse(BrokerConfig config, string key, string problem)
    {
        problems.Add($"{config.Place}.{key}: {problem}");
        return null;
    }
}
