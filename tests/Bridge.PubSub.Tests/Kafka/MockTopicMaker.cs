using Bridge.Kafka;

namespace Bridge.PubSub.Tests.Kafka;

/// <summary>Makes topics as the mock cluster has it: it leaves administrators' requests unanswered.</summary>
internal sealed class MockTopicMaker(MockCluster cluster) : ITopicMaker
{
    public Task<IReadOnlyList<(NeededTopic Topic, string Reason)>> MakeAsync(IReadOnlyList<NeededTopic> topics, CancellationToken cancellation)
    {
        foreach (var topic in topics)
        {
            cluster.CreateTopic(topic.Name, partitions: 2);
        }

        return Task.FromResult<IReadOnlyList<(NeededTopic Topic, string Reason)>>([]);
    }
}
