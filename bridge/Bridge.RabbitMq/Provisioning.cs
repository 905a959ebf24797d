using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq;

/// <summary>Looks for the exchanges and queues of topics, and makes those that are missing where it may.</summary>
/// <remarks>
/// A server keeps the names of its queues' logs in a table that it writes to its disk between half a second and a second after the last change
/// (ra's ra_directory, through 3.1 at least). Where it is killed before that, it no longer finds the log of a new queue, and the queue stays
/// without a leader, with all that was confirmed in it. So nothing is bound to new queues, and nobody publishes, before they have rested.
/// </remarks>
/// <param name="link">Where the server is.</param>
/// <param name="options">How things are named.</param>
/// <param name="mayMake">Whether to make anything.</param>
internal sealed class Provisioning(RabbitMqLink link, RabbitMqBrokerOptions options, bool mayMake) : IAsyncDisposable
{
    private const int NotFound = 404;

    private readonly List<string> _missing = [];
    private readonly List<(string Queue, string Exchange, string RoutingKey)> _bindings = [];
    private IChannel? _channel;
    private bool _hasNewQueues;

    /// <summary>Sees to topics.</summary>
    /// <returns>What is missing or won't do, one line each.</returns>
    internal async Task<IReadOnlyList<string>> PrepareAsync(IReadOnlyList<BrokerTopic> topics, CancellationToken cancellation)
    {
        foreach (var wait in WaitPlan.Waits)
        {
            await PrepareAsync(wait, cancellation);
        }

        foreach (var topic in topics)
        {
            await PrepareAsync(topic, cancellation);
        }

        if (_hasNewQueues)
        {
            await Task.Delay(options.NewQueueRest, cancellation);
        }

        foreach (var (queue, exchange, routingKey) in _bindings)
        {
            await TryAsync($"binding of {queue} to {exchange}", channel => channel.QueueBindAsync(queue, exchange, routingKey, cancellationToken: cancellation), cancellation);
        }

        return _missing;
    }

    /// <summary>Ends its channel.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_channel is { } channel)
        {
            _channel = null;
            await channel.DisposeAsync();
        }
    }

    private async Task PrepareAsync(TimeSpan wait, CancellationToken cancellation)
    {
        var name = RabbitMqNames.Waiting(options, wait);
        await DeclareExchangeAsync(name, ExchangeType.Fanout, cancellation);
        await DeclareAsync(
            name,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["x-message-ttl"] = (int)wait.TotalMilliseconds,

                // To the queue that its routing key names. The message leaves here once it is there, and not before.
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
            },
            cancellation);
        Bind(name, name, routingKey: "");
    }

    private async Task PrepareAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var exchange = RabbitMqNames.Exchange(options, topic);
        await DeclareExchangeAsync(exchange, ExchangeType.Fanout, cancellation);
        if (topic.IsOrdered)
        {
            await DeclareExchangeAsync(RabbitMqNames.LaneExchange(exchange), ExchangeType.Direct, cancellation);
        }

        foreach (var subscription in topic.Subscriptions)
        {
            await PrepareAsync(exchange, subscription, cancellation);
            if (topic.IsOrdered)
            {
                await PrepareLanesAsync(exchange, subscription, cancellation);
            }
        }
    }

    private async Task PrepareAsync(string exchange, BrokerSubscription subscription, CancellationToken cancellation)
    {
        var queue = RabbitMqNames.Queue(exchange, subscription);
        await DeclareAsync(RabbitMqNames.DeadLetters(queue), Read(), cancellation);
        // Last, so that a message that comes finds all that its subscription needs.
        await DeclareAsync(queue, Read(), cancellation);
        Bind(queue, exchange, routingKey: "");
    }

    private async Task PrepareLanesAsync(string exchange, BrokerSubscription subscription, CancellationToken cancellation)
    {
        for (var lane = 0; lane < RabbitMqNames.Lanes; lane++)
        {
            var queue = RabbitMqNames.LaneQueue(RabbitMqNames.Queue(exchange, subscription), lane);
            var arguments = Read();
            arguments["x-single-active-consumer"] = true;
            await DeclareAsync(queue, arguments, cancellation);
            Bind(queue, RabbitMqNames.LaneExchange(exchange), RabbitMqNames.LaneName(lane));
        }
    }

    // Without a limit, a message that is given back goes to the queue's end before RabbitMQ 4, and since then 20 times are the limit, after which it
    // is dropped. Attempts are counted by the host.
    private static Dictionary<string, object?> Read() => new(StringComparer.Ordinal) { ["x-delivery-limit"] = 1_000_000_000 };

    private void Bind(string queue, string exchange, string routingKey)
    {
        if (mayMake)
        {
            _bindings.Add((queue, exchange, routingKey));
        }
    }

    private Task DeclareExchangeAsync(string exchange, string type, CancellationToken cancellation) =>
        TryAsync(
            $"exchange {exchange} ({type}, durable)",
            channel => mayMake
                ? channel.ExchangeDeclareAsync(exchange, type, durable: true, autoDelete: false, cancellationToken: cancellation)
                : channel.ExchangeDeclarePassiveAsync(exchange, cancellation),
            cancellation);

    private async Task DeclareAsync(string queue, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        var described = string.Concat(arguments.Select(argument => $"; {argument.Key} \"{argument.Value}\""));
        arguments["x-queue-type"] = "quorum";
        var what = $"queue {queue} (quorum, durable{described})";
        if (!mayMake)
        {
            await TryAsync(what, channel => channel.QueueDeclarePassiveAsync(queue, cancellation), cancellation);
            return;
        }

        _hasNewQueues |= options.NewQueueRest > TimeSpan.Zero && !await IsThereAsync(queue, cancellation);
        await TryAsync(
            what,
            channel => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation),
            cancellation);
    }

    private async Task<bool> IsThereAsync(string queue, CancellationToken cancellation)
    {
        try
        {
            await (await ChannelAsync(cancellation)).QueueDeclarePassiveAsync(queue, cancellation);
            return true;
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason is { ReplyCode: NotFound or 403 or 405 })
        {
            // Where it may not be looked at, making it tells why.
            return error.ShutdownReason.ReplyCode != NotFound;
        }
        catch (Exception error) when (RabbitMqFailures.IsLoss(error))
        {
            throw link.Unreachable(error);
        }
    }

    private async Task TryAsync(string what, Func<IChannel, Task> declare, CancellationToken cancellation)
    {
        try
        {
            await declare(await ChannelAsync(cancellation));
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            _missing.Add(what);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason is { ReplyCode: 403 or 406 } reason)
        {
            _missing.Add($"{what}: the server says \"{reason.ReplyText}\"");
        }
        catch (Exception error) when (RabbitMqFailures.IsLoss(error))
        {
            throw link.Unreachable(error);
        }
    }

    // A refusal ends the channel.
    private async ValueTask<IChannel> ChannelAsync(CancellationToken cancellation)
    {
        if (_channel is not { IsOpen: true })
        {
            await DisposeAsync();
            _channel = await link.OpenAsync(cancellation);
        }

        return _channel;
    }
}
