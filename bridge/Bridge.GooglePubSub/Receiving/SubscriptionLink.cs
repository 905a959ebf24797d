using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace Bridge.GooglePubSub.Receiving;

/// <summary>One subscription: acknowledging and changing deadlines, in batches. Thread: any.</summary>
internal sealed class SubscriptionLink
{
    /// <summary>The longest deadline that Pub/Sub grants at a time.</summary>
    public static readonly TimeSpan MaxDeadline = TimeSpan.FromMinutes(10);

    // A request may have 512 KiB, an id has some 200 bytes.
    private const int MaxEntries = 1000;
    private const int MaxRequests = 4;

    private readonly RequestBatcher<string> _acks;
    private readonly RequestBatcher<(string AckId, int Seconds)> _deadlines;

    public SubscriptionLink(GoogleConnection connection, string path)
    {
        Connection = connection;
        Path = path;
        _acks = new RequestBatcher<string>(MaxEntries, MaxRequests, AcknowledgeAsync);
        _deadlines = new RequestBatcher<(string AckId, int Seconds)>(MaxEntries, MaxRequests, ChangeAsync);
    }

    /// <summary>The service.</summary>
    public GoogleConnection Connection { get; }

    /// <summary>Its full name.</summary>
    public string Path { get; }

    /// <summary>Attempts of its messages.</summary>
    public AttemptCounts Attempts { get; } = new();

    /// <summary>Whole seconds that are no shorter, as far as Pub/Sub grants them.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, MaxDeadline.TotalSeconds));

    /// <summary>Acknowledges a message; again until the service has taken note.</summary>
    public Task AcknowledgeAsync(string ackId, CancellationToken cancellation) => _acks.AddAsync(ackId, cancellation);

    /// <summary>Gives messages back in one go, so that those of a key keep their order.</summary>
    public async Task GiveBackAsync(IEnumerable<string> ackIds, CancellationToken cancellation)
    {
        foreach (var part in ackIds.Chunk(MaxEntries))
        {
            await ChangeAsync(part, seconds: 0, cancellation);
        }
    }

    /// <summary>Says when a message comes again unless more is heard of it; at once for zero.</summary>
    public Task DeferAsync(string ackId, TimeSpan time, CancellationToken cancellation) => _deadlines.AddAsync((ackId, Seconds(time)), cancellation);

    private async Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<string> ackIds)
    {
        try
        {
            var request = new AcknowledgeRequest { Subscription = Path, AckIds = { ackIds } };
            var what = $"acknowledging to Pub/Sub subscription {Path}";
            await Connection.RepeatAsync(what, options => Connection.Subscriber.AcknowledgeAsync(request, options), CancellationToken.None);
            return new Exception?[ackIds.Count];
        }
        catch (Exception error)
        {
            // Justification: the root of a batch's flow. Everybody who waits for it learns of it.
            return (error is BrokerException refusal ? AckOutcome.Read(refusal, ackIds) : null) ?? All(error, ackIds.Count);
        }
    }

    private async Task<Exception?[]> ChangeAsync(IReadOnlyList<(string AckId, int Seconds)> entries)
    {
        try
        {
            // One request has one deadline.
            foreach (var group in entries.GroupBy(entry => entry.Seconds))
            {
                await ChangeAsync(group.Select(entry => entry.AckId), group.Key, CancellationToken.None);
            }

            return new Exception?[entries.Count];
        }
        catch (Exception error)
        {
            // Justification: as above.
            return All(error, entries.Count);
        }
    }

    private Task<Empty> ChangeAsync(IEnumerable<string> ackIds, int seconds, CancellationToken cancellation)
    {
        var request = new ModifyAckDeadlineRequest { Subscription = Path, AckDeadlineSeconds = seconds, AckIds = { ackIds } };
        var what = $"changing the deadline of messages of Pub/Sub subscription {Path}";
        return Connection.RepeatAsync(what, options => Connection.Subscriber.ModifyAckDeadlineAsync(request, options), cancellation);
    }

    private static Exception?[] All(Exception error, int count)
    {
        var failures = new Exception?[count];
        Array.Fill(failures, error);
        return failures;
    }
}
