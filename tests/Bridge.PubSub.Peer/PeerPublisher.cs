using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>Publishes messages of several keys, each key's one call after the other. Where a call fails, its key ends, so that no gap is anybody's but the publisher's.</summary>
/// <param name="publisher">The topic's.</param>
/// <param name="plan">How many, and of whom.</param>
/// <param name="journal">Is told of each that the broker says it has.</param>
internal sealed class PeerPublisher(ITopicPublisher publisher, PeerPlan plan, Journal journal)
{
    private const int Keys = 40;
    private const int Batch = 5;

    // Between two tries while the broker is away.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Publishes all.</summary>
    public Task PublishAllAsync() => Task.WhenAll(Enumerable.Range(0, Keys).Select(PublishAsync));

    private async Task PublishAsync(int lane)
    {
        var left = (plan.Count / Keys) + (lane < plan.Count % Keys ? 1 : 0);
        for (var generation = 0; left > 0; generation++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{plan.Name}-{generation}-{lane}");
            left -= await PublishKeyAsync(key, left);
            if (left > 0)
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <returns>How many the broker has.</returns>
    private async Task<int> PublishKeyAsync(string key, int count)
    {
        var taken = 0;
        while (taken < count)
        {
            var batch = Enumerable.Range(taken, Math.Min(Batch, count - taken)).Select(number => new PeerMessage(key, number).ToString()).ToArray();
            var results = await publisher.PublishAsync(
                [.. batch.Select(text => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(text), OrderingKey = plan.IsOrdered ? key : null })], CancellationToken.None);
            foreach (var (text, result) in batch.Zip(results))
            {
                Note(text, result.Error);
            }

            taken += results.Count(result => result.Error is null);
            if (results.Any(result => result.Error is not null))
            {
                break;
            }
        }

        return taken;
    }

    private void Note(string text, Exception? error)
    {
        if (error is null)
        {
            journal.Write("taken", text);
        }
        else
        {
            journal.Write(error is BrokerException { IsTransient: true } ? "unpublished" : "failed", $"publishing: {error.Message}");
        }
    }
}
