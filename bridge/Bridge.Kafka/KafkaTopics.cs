using System.Globalization;
using Bridge.Core.PubSub;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Bridge.Kafka;

/// <summary>A topic that has to be on the cluster.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Use">What it is for, for people.</param>
/// <param name="Retention">How long its messages are kept; null to keep the last of each key for ever.</param>
internal sealed record NeededTopic(string Name, string Use, TimeSpan? Retention);

/// <summary>Looks for topics and makes those that are missing. Thread: any.</summary>
/// <param name="options">How they are made.</param>
/// <param name="clients">How clients are set up.</param>
internal sealed class KafkaTopics(KafkaBrokerOptions options, KafkaClients clients)
{
    /// <summary>Looks for topics, and makes those that are missing where that is wanted and allowed.</summary>
    /// <returns>What is missing, a line each.</returns>
    /// <exception cref="BrokerException">The cluster doesn't answer, or refuses.</exception>
    public async Task<IReadOnlyList<string>> PrepareAsync(IReadOnlyList<NeededTopic> topics, bool provision, CancellationToken cancellation)
    {
        using var administrator = Connect();
        var missing = await FindMissingAsync(administrator, topics, cancellation);
        if (missing.Count == 0)
        {
            return [];
        }

        return provision ? await MakeAsync(administrator, missing, cancellation) : missing.ConvertAll(topic => LineOf(topic, reason: ""));
    }

    private IAdminClient Connect()
    {
        try
        {
            return clients.Administrator(_ => { });
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or DllNotFoundException)
        {
            throw new BrokerException($"No client for Kafka at {clients.Address} can be made: {error.Message}", "Look at its options in the configuration.", isTransient: false, error);
        }
    }

    private async Task<List<NeededTopic>> FindMissingAsync(IAdminClient administrator, IReadOnlyList<NeededTopic> topics, CancellationToken cancellation)
    {
        try
        {
            // All topics: a question for one by name makes it on clusters that are set so, with their settings instead of ours.
            var metadata = await Task.Run(() => administrator.GetMetadata(options.RequestTimeout), cancellation);
            var present = metadata.Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
            return [.. topics.Where(topic => !present.Contains(topic.Name))];
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Translate("Topics can't be looked for", clients.Address, error.Error, error);
        }
    }

    private async Task<IReadOnlyList<string>> MakeAsync(IAdminClient administrator, List<NeededTopic> topics, CancellationToken cancellation)
    {
        try
        {
            var patience = new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout };
            await administrator.CreateTopicsAsync(topics.Select(SpecificationOf), patience).WaitAsync(cancellation);
            return [];
        }
        catch (CreateTopicsException error)
        {
            // Another host may have been faster.
            var failed = error.Results.FindAll(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists);
            return failed.ConvertAll(result => LineOf(topics.Find(topic => topic.Name == result.Topic)!, $": {result.Error.Reason}"));
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Translate($"Topics can't be made ({string.Join(", ", topics.Select(topic => topic.Name))})", clients.Address, error.Error, error);
        }
    }

    private TopicSpecification SpecificationOf(NeededTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = options.Partitions,
        ReplicationFactor = options.ReplicationFactor,
        Configs = topic.Retention is { } retention
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) }
            : new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" },
    };

    private static string LineOf(NeededTopic topic, string reason) => $"Kafka topic \"{topic.Name}\" ({topic.Use}){reason}";
}
