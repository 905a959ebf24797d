using System.Diagnostics;
using System.Security.Cryptography;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Takes a subscription's messages from the server. Thread: one reader at a time, but for <see cref="DueWithin"/>.</summary>
/// <remarks>
/// What is fresh in the stream is read by the server's own command, which notes in the stream's own list who has it since when. All else, messages
/// that wait for their time and leases that are over, is looked at only when some are known to come due, and a few times in each lease. Of an
/// ordered topic a script does both.
/// </remarks>
internal sealed class RedisReader
{
    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly BrokerSubscription _subscription;
    private readonly RedisSettling _settling;
    private readonly bool _isOrdered;
    private readonly TimeSpan _pollInterval;
    private readonly string _doing;
    private long _nextLook;
    private long _nextTakeover;

    /// <param name="options">How often to look by oneself.</param>
    /// <param name="link">The connection.</param>
    /// <param name="names">The topic's keys.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="isOrdered">Whether of an ordering key one message is out at a time.</param>
    /// <param name="settling">Learns what becomes of the messages.</param>
    internal RedisReader(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerSubscription subscription, bool isOrdered, RedisSettling settling)
    {
        (_link, _names, _subscription, _isOrdered, _settling) = (link, names, subscription, isOrdered, settling);
        _pollInterval = options.PollInterval;
        _doing = $"receive from the subscription {subscription.Name}";
    }

    /// <summary>By which the server knows this source. The shorter the better: it stands in the server's log for each message.</summary>
    internal string Consumer { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>How long there is nothing to look at that nobody tells of.</summary>
    internal TimeSpan Patience => TimeSpan.FromMilliseconds(Math.Clamp(Volatile.Read(ref _nextLook) - Environment.TickCount64, 0, _pollInterval.TotalMilliseconds));

    /// <summary>A message comes due. Thread: any.</summary>
    /// <returns>Whether that is sooner than the next look would have been.</returns>
    internal bool DueWithin(TimeSpan time)
    {
        var due = Environment.TickCount64 + (long)Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 0, _pollInterval.TotalMilliseconds)) + 1;
        for (var known = Volatile.Read(ref _nextLook); due < known;)
        {
            var found = Interlocked.CompareExchange(ref _nextLook, due, known);
            if (found == known)
            {
                return true;
            }

            known = found;
        }

        return false;
    }

    /// <summary>Takes what there is.</summary>
    /// <exception cref="BrokerException">The server refuses, or isn't there.</exception>
    internal async Task<RedisReading> ReadAsync(int max)
    {
        if (_isOrdered)
        {
            return await LookAsync(RedisScripts.ReceiveInOrder, max).ConfigureAwait(false);
        }

        if (Patience == TimeSpan.Zero && await LookAsync(RedisScripts.Look, max).ConfigureAwait(false) is { Deliveries.Count: > 0 } reading)
        {
            return reading;
        }

        var begun = Stopwatch.GetTimestamp();
        var entries = await _link.UseAsync(
            _doing, database => database.StreamReadGroupAsync(_names.Stream, _subscription.Address, Consumer, StreamPosition.NewMessages, max)).ConfigureAwait(false);
        var deliveries = new List<RedisDelivery>(entries.Length);
        foreach (var entry in entries)
        {
            deliveries.Add(Delivery(entry.Id, 1, RedisFields.Read(entry.Id, entry.Values), Consumer, begun));
        }

        return new RedisReading(deliveries, IsAll: entries.Length < max);
    }

    private async Task<RedisReading> LookAsync(string script, int max)
    {
        var isTakeover = Environment.TickCount64 >= _nextTakeover;
        var token = Guid.NewGuid().ToString("N");

        // Whatever comes due from here on may be too late for this look.
        Volatile.Write(ref _nextLook, long.MaxValue);
        var isSeen = false;
        try
        {
            var begun = Stopwatch.GetTimestamp();
            RedisValue[] arguments =
            [
                _names.Base, _names.Of(_subscription), _subscription.Address, _names.Channel, max, (long)_subscription.AckDeadline.TotalMilliseconds, token, Consumer, isTakeover,
            ];
            var answer = await _link.RunAsync(_doing, script, _names.Stream, arguments).ConfigureAwait(false);
            isSeen = true;
            var (due, hasMore) = ((long)answer[1], (int)answer[2] == 1);
            List<RedisDelivery> deliveries = [.. ((RedisResult[]?)answer[0] ?? []).Select(entry => Read(entry, begun))];
            if (isTakeover && deliveries.Count < max)
            {
                var pause = _subscription.AckDeadline / 2;
                _nextTakeover = Environment.TickCount64 + (long)(pause < _pollInterval ? pause : _pollInterval).TotalMilliseconds;
            }

            DueWithin(TimeSpan.FromMilliseconds(_nextTakeover - Environment.TickCount64));
            DueWithin(due < 0 ? _pollInterval : TimeSpan.FromMilliseconds(due));
            return new RedisReading(deliveries, IsAll: deliveries.Count == 0 && !hasMore);
        }
        finally
        {
            if (!isSeen)
            {
                DueWithin(TimeSpan.Zero);
            }
        }
    }

    private RedisDelivery Read(RedisResult entry, long begun)
    {
        var id = (RedisValue)entry[0];
        return Delivery(id, (int)entry[1], RedisFields.Read(id, (RedisValue[]?)entry[2] ?? []), (string?)entry[3] ?? "", begun);
    }

    private RedisDelivery Delivery(RedisValue entry, int attempt, in RedisFields fields, string holder, long begun)
    {
        var isInStream = holder == Consumer;
        return new RedisDelivery(_settling, entry, holder, isInStream, isInStream ? null : fields.Key, _subscription.AckDeadline, begun)
        {
            MessageId = fields.Id,
            Attempt = attempt,
            PublishedAt = fields.PublishedAt,
            Attributes = fields.Attributes,
            Body = fields.Body,
        };
    }
}

/// <summary>What a look at the server brought.</summary>
/// <param name="Deliveries">Messages.</param>
/// <param name="IsAll">Whether there were no more.</param>
internal readonly record struct RedisReading(List<RedisDelivery> Deliveries, bool IsAll);
