using Bridge.Core.PubSub;
using Bridge.RabbitMq.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq;

/// <summary>Looks for the exchanges and queues of topics, and makes those that are missing where it may.</summary>
/// <param name="link">Where the server is.</param>
/// <param name="options">How things are named.</param>
/// <param name="mayMake">Whether to make anything.</param>
internal sealed class Provisioning(RabbitMqLink link, RabbitMqBrokerOptions options, bool mayMake) : IAsyncDisposable
{
    private const int NotFound = 404;

    private readonly List<string> _missing = [];
    private IChannel? _channel;

    /// <summary>What is missing or won't do, one line each.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Sees to a topic.</summary>
    internal async Task PrepareAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var exchange = RabbitMqNames.Exchange(options, topic);
        await TryAsync(
            $"exchange {exchange} (fanout, durable)",
            channel => mayMake
                ? channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation)
                : channel.ExchangeDeclarePassiveAsync(exchange, cancellation),
            cancellation);
        foreach (var subscription in topic.Subscriptions)
        {
            await PrepareAsync(exchange, subscription, cancellation);
        }
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

    private async Task PrepareAsync(string exchange, BrokerSubscription subscription, CancellationToken cancellation)
    {
        var queue = RabbitMqNames.Queue(exchange, subscription);
        await DeclareAsync(RabbitMqNames.DeadLetters(queue), [], cancellation);
        var (lowest, highest) = RabbitMqNames.Steps(subscription.Retry);
        for (var step = lowest; step <= highest; step++)
        {
            await DeclareAsync(
                RabbitMqNames.Waiting(queue, step),
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["x-dead-letter-exchange"] = "",
                    ["x-dead-letter-routing-key"] = queue,

                    // The message leaves here once it is there, and not before.
                    ["x-dead-letter-strategy"] = "at-least-once",
                    ["x-overflow"] = "reject-publish",
                },
                cancellation);
        }

        // Last, so that a message that comes finds all that its subscription needs.
        await DeclareAsync(queue, [], cancellation);
        if (mayMake)
        {
            await TryAsync($"binding of {queue} to {exchange}", channel => channel.QueueBindAsync(queue, exchange, "", cancellationToken: cancellation), cancellation);
        }
    }

    private Task DeclareAsync(string queue, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        var described = string.Concat(arguments.Select(argument => $"; {argument.Key} \"{argument.Value}\""));
        arguments["x-queue-type"] = "quorum";
        return TryAsync(
            $"queue {queue} (quorum, durable{described})",
            channel => mayMake
                ? channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation)
                : channel.QueueDeclarePassiveAsync(queue, cancellation),
            cancellation);
    }

    // A refusal ends the channel.
    private async Task TryAsync(string what, Func<IChannel, Task> declare, CancellationToken cancellation)
    {
        try
        {
            if (_channel is not { IsOpen: true })
            {
                await DisposeAsync();
                _channel = await link.OpenAsync(cancellation);
            }

            await declare(_channel);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            _missing.Add(what);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason is { ReplyCode: 403 or 406 } reason)
        {
            _missing.Add($"{what}: the server says \"{reason.ReplyText}\"");
        }
        catch (Exception error) when (RabbitMqLink.IsLoss(error))
        {
            throw link.Unreachable(error);
        }
    }
}
