using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>Publishes to one topic: what many callers publish meanwhile goes to the server together.</summary>
internal sealed class RedisPublisher : ITopicPublisher
{
    // A script holds the server up for as long as it runs; and what is sent at once stays in memory on both sides.
    private const int MaxMessages = 200;
    private const long MaxBytes = 1024 * 1024;

    // For how long an id is known again where no subscription says how long messages live.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    private readonly RedisBrokerOptions _options;
    private readonly RedisLink _link;
    private readonly RedisNames _names;
    private readonly BrokerTopic _topic;
    private readonly long _retention;
    private readonly Batcher<Item> _batcher;

    internal RedisPublisher(RedisBrokerOptions options, RedisLink link, RedisNames names, BrokerTopic topic)
    {
        (_options, _link, _names, _topic) = (options, link, names, topic);
        _retention = (long)topic.Subscriptions.Select(subscription => subscription.MessageRetention).Append(ShortestRetention).Max().TotalMilliseconds;
        _batcher = new Batcher<Item>(MaxMessages, MaxBytes, static item => item.Bytes, PublishAsync);
    }

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            return [];
        }

        var call = new Call(messages.Count, cancellation);
        _batcher.Add([.. messages.Select((message, index) => new Item(call, index, message.Body.Length, Arguments(message)))]);
        return await call.Done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task PublishAsync(List<Item> items)
    {
        var wanted = items.Where(item => !item.Refuse()).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        PublishResult[] results;
        try
        {
            var ids = (string?[]?)await _link.UseAsync($"publish to the topic {_topic.Name}", database => SendAsync(database, wanted)).ConfigureAwait(false) ?? [];
            results = [.. ids.Select(id => PublishResult.Taken(id ?? ""))];
        }
        catch (Exception exception)
        {
            // Justification: the root of the loop; whoever waits has to hear of it.
            results = [.. Enumerable.Repeat(PublishResult.Failed(exception), wanted.Count)];
        }

        for (var at = 0; at < wanted.Count; at++)
        {
            wanted[at].End(results[at]);
        }
    }

    private async Task<RedisResult> SendAsync(IDatabase database, List<Item> items)
    {
        RedisValue[] arguments = [_names.Base, _names.Channel, .. items.SelectMany(item => item.Arguments)];
        var ids = await database.ScriptEvaluateAsync(RedisScripts.Publish, [_names.Stream], arguments).ConfigureAwait(false);
        if (_options.Replicas == 0)
        {
            return ids;
        }

        var have = (int)await database.ExecuteAsync("WAIT", _options.Replicas, (long)_options.ReplicaTimeout.TotalMilliseconds).ConfigureAwait(false);
        return have >= _options.Replicas
            ? ids
            : throw new BrokerException(
                $"Redis at {_link.Place} has the message for the topic {_topic.Name}, but {have} of {_options.Replicas} replicas have it",
                "look after the replicas, or ask for fewer",
                isTransient: true);
    }

    /// <summary>What the script is given for a message; nothing of it is the caller's.</summary>
    private RedisValue[] Arguments(OutgoingMessage message)
    {
        var key = _topic.IsOrdered ? message.OrderingKey : null;
        List<RedisValue> arguments =
        [
            Guid.CreateVersion7().ToString("N"),
            message.DeduplicationId is { } id ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16)) : "",
            _retention,
            message.DeliverAt?.ToUnixTimeMilliseconds() ?? 0,
            2 * (message.Attributes.Count + (key is null ? 1 : 2)),
            "b",
            message.Body.ToArray(),
        ];
        if (key is not null)
        {
            arguments.AddRange(["k", key]);
        }

        foreach (var (name, value) in message.Attributes)
        {
            arguments.AddRange(["a:" + name, value]);
        }

        return [.. arguments];
    }

    /// <summary>Messages that one caller publishes. Thread: the one that publishes.</summary>
    private sealed class Call(int count, CancellationToken cancellation)
    {
        private readonly PublishResult[] _results = new PublishResult[count];
        private int _open = count;
        private Exception? _failure;

        internal TaskCompletionSource<PublishResult[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Why the next isn't published: nobody waits any more, or it would overtake one that failed.</summary>
        internal Exception? Refusal => _failure ?? (cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : null);

        internal void End(int index, PublishResult result)
        {
            _results[index] = result;
            _failure ??= result.Error;
            if (--_open == 0)
            {
                Done.TrySetResult(_results);
            }
        }
    }

    private sealed record Item(Call Call, int Index, int Bytes, RedisValue[] Arguments)
    {
        internal bool Refuse()
        {
            if (Call.Refusal is not { } reason)
            {
                return false;
            }

            End(PublishResult.Failed(reason));
            return true;
        }

        internal void End(PublishResult result) => Call.End(Index, result);
    }
}
