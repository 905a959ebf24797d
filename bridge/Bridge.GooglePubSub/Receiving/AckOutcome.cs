using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Grpc.Core;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>Reads what became of each acknowledgement where exactly-once delivery tells.</summary>
/// <remarks>https://cloud.google.com/pubsub/docs/exactly-once-delivery</remarks>
internal static class AckOutcome
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Reads a refusal.</summary>
    /// <param name="error">What the call threw.</param>
    /// <param name="ackIds">What was acknowledged.</param>
    /// <returns>Of each what went wrong, or null; null where the refusal is of the whole.</returns>
    public static Exception?[]? Read(BrokerException error, IReadOnlyList<string> ackIds)
    {
        if (error.InnerException is not RpcException refusal || refusal.Trailers.FirstOrDefault(trailer => trailer.Key == DetailsTrailer) is not { } trailer)
        {
            return null;
        }

        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var detail in Protocol.Status.Parser.ParseFrom(trailer.ValueBytes).Details.Where(detail => detail.Is(ErrorInfo.Descriptor)))
        {
            foreach (var (ackId, word) in detail.Unpack<ErrorInfo>().Metadata)
            {
                failed[ackId] = word;
            }
        }

        return failed.Count == 0
            ? null
            : [.. ackIds.Select(ackId => failed.TryGetValue(ackId, out var word)
                ? new BrokerException($"{error.Message} ({word})", isTransient: word.StartsWith("TRANSIENT", StringComparison.Ordinal))
                : null)];
    }
}
