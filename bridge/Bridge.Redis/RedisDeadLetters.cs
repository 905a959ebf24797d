using System.Text.RegularExpressions;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>A subscription's messages that were given up.</summary>
internal sealed partial class RedisDeadLetters(RedisLink link, RedisNames names, BrokerSubscription subscription) : IDeadLetters
{
    private const int MaxAtOnce = 200;

    private readonly string _doing = $"work on dead letters of the subscription {subscription.Name}";
    private readonly RedisKey _stream = names.DeadLettersOf(subscription);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellation) =>
        link.UseAsync(_doing, database => database.StreamLengthAsync(_stream)).WaitAsync(cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        var entries = await link.UseAsync(_doing, database => database.StreamRangeAsync(_stream, count: max)).WaitAsync(cancellation).ConfigureAwait(false);
        return [.. entries.Select(Read)];
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) => ForAllAsync(
        ids,
        async part => (long)await link.RunAsync(
            _doing,
            RedisScripts.Replay,
            names.Stream,
            [names.Base, names.Of(subscription), subscription.Address, names.Channel, .. part]).ConfigureAwait(false),
        cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        ForAllAsync(ids, part => link.UseAsync(_doing, database => database.StreamDeleteAsync(_stream, part)), cancellation);

    private static DeadLetter Read(StreamEntry entry)
    {
        var fields = RedisFields.Read(entry.Id, entry.Values);
        return new DeadLetter
        {
            Id = (string?)entry.Id ?? "",
            MessageId = fields.Id,
            PublishedAt = fields.PublishedAt,
            DiedAt = fields.DiedAt,
            Attempts = fields.Attempts,
            Reason = new DeadLetterReason(fields.Cause, fields.Reason),
            Body = fields.Body,
            Attributes = fields.Attributes,
        };
    }

    /// <summary>Does something with the letters of some ids, or with all that there are now, a part at a time.</summary>
    private async Task<long> ForAllAsync(IReadOnlyCollection<string>? ids, Func<RedisValue[], Task<long>> act, CancellationToken cancellation)
    {
        var count = 0L;
        if (ids is not null)
        {
            foreach (var part in ids.Where(id => EntryId().IsMatch(id)).Distinct(StringComparer.Ordinal).Chunk(MaxAtOnce))
            {
                cancellation.ThrowIfCancellationRequested();
                count += await act([.. part.Select(id => (RedisValue)id)]).ConfigureAwait(false);
            }

            return count;
        }

        var last = await link.UseAsync(_doing, database => database.StreamRangeAsync(_stream, count: 1, messageOrder: Order.Descending)).ConfigureAwait(false);
        while (last.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = await link.UseAsync(_doing, database => database.StreamRangeAsync(_stream, maxId: last[0].Id, count: MaxAtOnce)).ConfigureAwait(false);
            if (part.Length == 0)
            {
                break;
            }

            count += await act([.. part.Select(entry => entry.Id)]).ConfigureAwait(false);
        }

        return count;
    }

    [GeneratedRegex("^[0-9]{1,19}-[0-9]{1,19}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EntryId();
}
