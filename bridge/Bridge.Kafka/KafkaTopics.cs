using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>A topic that has to be on the cluster.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Use">What it is for, for people.</param>
/// <param name="Retention">How long its messages are kept; null to keep the last of each key for ever.</param>
internal sealed record NeededTopic(string Name, string Use, TimeSpan? Retention);

/// <summary>Looks for topics and makes those that are missing. Thread: any.</summary>
/// <param name="clients">How clients are set up.</param>
/// <param name="maker">What makes them.</param>
internal sealed class KafkaTopics(KafkaClients clients, ITopicMaker maker)
{
    /// <summary>Looks for topics, and makes those that are missing where that is wanted and allowed.</summary>
    /// <returns>What is missing, a line each.</returns>
    /// <exception cref="BrokerException">The cluster doesn't answer, or refuses.</exception>
    public async Task<IReadOnlyList<string>> PrepareAsync(IReadOnlyList<NeededTopic> topics, bool provision, CancellationToken cancellation)
    {
        using var administrator = clients.Administrator();
        var missing = await FindMissingAsync(administrator, topics, cancellation);
        if (missing.Count == 0)
        {
            return [];
        }

        return provision ? await MakeAsync(missing, cancellation) : missing.ConvertAll(topic => LineOf(topic, reason: ""));
    }

    private async Task<List<NeededTopic>> FindMissingAsync(IAdminClient administrator, IReadOnlyList<NeededTopic> topics, CancellationToken cancellation)
    {
        try
        {
            // All topics: a question for one by name makes it on clusters that are set so, with their settings instead of ours.
            var metadata = await Task.Run(() => administrator.GetMetadata(clients.RequestTimeout), cancellation);
            var present = metadata.Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
            return [.. topics.Where(topic => !present.Contains(topic.Name))];
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Translate("Topics can't be looked for", clients.Address, error.Error, error);
        }
    }

    private async Task<IReadOnlyList<string>> MakeAsync(List<NeededTopic> topics, CancellationToken cancellation)
    {
        try
        {
            var refusals = await maker.MakeAsync(topics, cancellation);
            return [.. refusals.Select(refusal => LineOf(refusal.Topic, $": {refusal.Reason}"))];
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Translate($"Topics can't be made ({string.Join(", ", topics.Select(topic => topic.Name))})", clients.Address, error.Error, error);
        }
    }

    private static string LineOf(NeededTopic topic, string reason) => $"Kafka topic \"{topic.Name}\" ({topic.Use}){reason}";
}
