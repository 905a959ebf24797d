using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>Publishes messages of several keys, each key's one call after the other.</summary>
internal static class PeerPublisher
{
    private const int Keys = 40;
    private const int Batch = 5;

    /// <summary>Publishes messages "name-key:number" and writes down each that the broker says it has.</summary>
    public static Task PublishAsync(ITopicPublisher publisher, string name, int count, Journal journal) =>
        Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
        {
            var perKey = (count + Keys - 1) / Keys;
            for (var first = 0; first < perKey; first += Batch)
            {
                var texts = Enumerable.Range(first, Math.Min(Batch, perKey - first))
                    .Select(number => string.Create(CultureInfo.InvariantCulture, $"{name}-{key}:{number}")).ToArray();
                var results = await publisher.PublishAsync(
                    [.. texts.Select(text => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(text), OrderingKey = text.Split(':')[0] })], CancellationToken.None);
                foreach (var (text, result) in texts.Zip(results))
                {
                    journal.Write(result.Error is null ? "taken" : "failed", result.Error?.Message ?? text);
                }
            }
        }));
}
