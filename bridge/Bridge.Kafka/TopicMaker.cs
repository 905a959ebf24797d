using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Bridge.Kafka;

/// <summary>Makes topics. Thread: any.</summary>
internal interface ITopicMaker
{
    /// <summary>Makes topics that aren't there; another host may be faster.</summary>
    /// <returns>Those that the cluster refuses to make, and why.</returns>
    /// <exception cref="KafkaException">The cluster doesn't answer.</exception>
    Task<IReadOnlyList<(NeededTopic Topic, string Reason)>> MakeAsync(IReadOnlyList<NeededTopic> topics, CancellationToken cancellation);
}

/// <summary>Has the cluster make topics.</summary>
/// <param name="options">How they are to be.</param>
/// <param name="clients">How clients are set up.</param>
internal sealed class TopicMaker(KafkaBrokerOptions options, KafkaClients clients) : ITopicMaker
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<(NeededTopic Topic, string Reason)>> MakeAsync(IReadOnlyList<NeededTopic> topics, CancellationToken cancellation)
    {
        using var administrator = clients.Administrator();
        try
        {
            var patience = new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout };
            await administrator.CreateTopicsAsync(topics.Select(SpecificationOf), patience).WaitAsync(cancellation);
            return [];
        }
        catch (CreateTopicsException error)
        {
            var failed = error.Results.FindAll(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists);
            return failed.ConvertAll(result => (topics.First(topic => topic.Name == result.Topic), result.Error.Reason));
        }
    }

    /// <summary>How a topic is to be: messages are kept as long as they may wait; of dead letters the last of each name for ever.</summary>
    internal TopicSpecification SpecificationOf(NeededTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = options.Partitions,
        ReplicationFactor = options.ReplicationFactor,
        Configs = topic.Retention is { } retention
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) }
            : new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" },
    };
}
