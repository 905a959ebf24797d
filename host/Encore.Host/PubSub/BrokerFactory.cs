using Bridge.Core.PubSub;
using Bridge.Sqlite;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.PubSub;

/// <summary>A broker with the configuration it was made from.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Broker">The broker; not connected yet.</param>
internal sealed record OpenBroker(BrokerConfig Config, IMessageBroker Broker);

/// <summary>Makes brokers of what the configuration says. The one place that knows them all.</summary>
/// <param name="application">The application.</param>
/// <param name="problems">Receives a line for each mistake.</param>
internal sealed class BrokerFactory(LoadedApplication application, ICollection<string> problems)
{
    /// <summary>The type of the broker that runs within the host.</summary>
    public const string EmbeddedType = "embedded";

    /// <summary>The type of the broker that is a database of the application's.</summary>
    public const string PostgresType = "postgres";

    /// <summary>Makes a broker; connects to nothing yet.</summary>
    /// <param name="config">Which, and where it is.</param>
    /// <param name="topics">What it has to carry.</param>
    /// <returns>The broker; null where the configuration can't be followed.</returns>
    public OpenBroker? Create(BrokerConfig config, IReadOnlyList<BrokerTopic> topics) => config.Type switch
    {
        EmbeddedType => new OpenBroker(config, CreateEmbedded(config, topics)),
        _ => Refuse(config),
    };

    /// <summary>The file of the embedded broker.</summary>
    public static string PathOf(LoadedApplication application, BrokerConfig? config) =>
        Path.GetFullPath(config?.Settings.GetValueOrDefault("path") ?? Path.Combine(".encore", "pubsub", "messages.db"), application.Root);

    private SqliteBroker CreateEmbedded(BrokerConfig config, IReadOnlyList<BrokerTopic> topics) =>
        new(new SqliteBrokerOptions { Path = PathOf(application, config) }, topics);

    private OpenBroker? Refuse(BrokerConfig config)
    {
        problems.Add($"{config.Place}.type: {config.Type} isn't supported yet by this version of encore-host; use embedded");
        return null;
    }
}
