using Bridge.Core.PubSub;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq.Connections;

/// <summary>
/// The way to a server or cluster: one connection to publish by, another for the rest. A server that is short of memory reads nothing more from a
/// connection that publishes; acknowledgements, which free its memory, have to get there all the same. Thread: any.
/// </summary>
internal sealed class RabbitMqLink : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly RabbitMqBrokerOptions _options;
    private readonly RabbitMqAddress _address;
    private readonly RabbitMqConnection _publishing;
    private readonly RabbitMqConnection _receiving;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ConfirmingChannel? _output;

    internal RabbitMqLink(RabbitMqBrokerOptions options)
    {
        _options = options;
        _address = new RabbitMqAddress(options);
        _publishing = new RabbitMqConnection(_address, options.ClientName);
        _receiving = new RabbitMqConnection(_address, options.ClientName);
    }

    /// <summary>Where the server is, and how things are named.</summary>
    internal RabbitMqBrokerOptions Options => _options;

    /// <summary>The servers, for people.</summary>
    internal string Name => _address.ToString();

    /// <summary>A channel of one's own that publishes nothing.</summary>
    /// <exception cref="BrokerException">The server can't be reached, or refuses.</exception>
    internal Task<IChannel> OpenAsync(CancellationToken cancellation) => _receiving.OpenAsync(options: null, cancellation);

    /// <summary>
    /// The channel that all publish by, each message confirmed; waited for as long as publishing is patient, and for as long as a confirmation may
    /// take where the server lets nobody publish.
    /// </summary>
    /// <exception cref="BrokerException">The server can't be reached or lets nobody publish for that long, or refuses.</exception>
    internal async Task<ConfirmingChannel> OutputAsync(CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)_options.ReconnectPatience.TotalMilliseconds;
        while (true)
        {
            try
            {
                var output = await TryOutputAsync(cancellation);
                await WhenUnblockedAsync(cancellation);
                return output;
            }
            catch (BrokerException error) when (error.IsTransient && Environment.TickCount64 < end)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Publishes one message for which there has to be a queue, and waits until the server has it on its disks.</summary>
    /// <param name="exchange">To which exchange.</param>
    /// <param name="routingKey">With which key: of the exchange "", the queue.</param>
    /// <param name="properties">What goes beside it.</param>
    /// <param name="body">The message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BrokerException">It doesn't, or that can't be known.</exception>
    internal async Task PublishAsync(string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var output = await OutputAsync(cancellation);
        var errors = await PublishAsync(output, [new Publication(exchange, routingKey, properties, body, MustArrive: true)], cancellation);
        if (errors[0] is { } error)
        {
            throw error;
        }
    }

    /// <summary>Publishes messages in their order, and waits until the server has them on its disks.</summary>
    /// <param name="output">By which channel.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Of each in turn what went wrong: the server doesn't have it, or that can't be known. Null where it does.</returns>
    internal async Task<Exception?[]> PublishAsync(ConfirmingChannel output, IReadOnlyList<Publication> messages, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.ConfirmTimeout);
        var errors = await output.PublishAsync(messages, timeout.Token);
        BrokerException? late = null;
        for (var index = 0; index < errors.Length; index++)
        {
            if (errors[index] is OperationCanceledException cancelled)
            {
                cancellation.ThrowIfCancellationRequested();
                errors[index] = late ??= Late(output, cancelled);
            }
            else if (errors[index] is { } error)
            {
                errors[index] = Explain(messages[index], error);
            }
        }

        return errors;
    }

    /// <summary>The server can't be reached.</summary>
    internal BrokerException Unreachable(Exception error) => RabbitMqFailures.Unreachable(Name, error);

    /// <summary>Ends it; what waits for a confirmation fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _publishing.DisposeAsync();
        await _receiving.DisposeAsync();
    }

    /// <summary>Where it isn't over in time, nothing was sent, so that nothing happens twice.</summary>
    private async Task WhenUnblockedAsync(CancellationToken cancellation)
    {
        var blockade = _publishing.Blockade;
        if (blockade.Reason is not { } reason)
        {
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.ConfirmTimeout);
        try
        {
            await blockade.WhenOverAsync(timeout.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw Blocked(reason, "", error);
        }
    }

    private BrokerException Blocked(string reason, string doubt, Exception error) =>
        new(
            $"RabbitMQ at {Name} lets nobody publish: {reason}. That didn't end within {_options.ConfirmTimeout.TotalSeconds} s.",
            $"{doubt}Give the server memory and disk, or have its queues emptied; rabbitmqctl status shows the alarm.",
            inner: error);

    private Exception Explain(Publication message, Exception error) =>
        error switch
        {
            PublishException { IsReturn: true } =>
                new BrokerException($"RabbitMQ at {Name} has no queue {message.Target}.", "Start the host with provisioning on, or make it.", isTransient: false, error),
            PublishException =>
                new BrokerException($"RabbitMQ at {Name} doesn't take a message for {message.Target}.", "See the queues' limits and the server's log.", inner: error),
            OperationInterruptedException { ShutdownReason.ReplyCode: 404 } =>
                new BrokerException($"RabbitMQ at {Name} has no exchange {message.Exchange}.", "Start the host with provisioning on, or make it.", isTransient: false, error),
            _ => RabbitMqFailures.IsLoss(error) ? RabbitMqFailures.Gone(Name, error) : error,
        };

    private BrokerException Late(ConfirmingChannel output, Exception error)
    {
        if (_publishing.Blockade.Reason is { } reason)
        {
            return Blocked(reason, "It may have the message all the same. ", error);
        }

        // A channel may have asked a queue's leader that is none any more; the next one asks anew.
        _ = RabbitMqFailures.ForgetAsync(output);
        return new BrokerException(
            $"RabbitMQ at {Name} doesn't confirm within {_options.ConfirmTimeout.TotalSeconds} s that it has a message.",
            "It may have it all the same. See that the topic's queues have leaders (rabbitmq-queues quorum_status), and the server's log.",
            inner: error);
    }

    private async Task<ConfirmingChannel> TryOutputAsync(CancellationToken cancellation)
    {
        if (_output is { IsOpen: true } ready)
        {
            return ready;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            if (_output is not { IsOpen: true })
            {
                _output = new ConfirmingChannel(await _publishing.OpenAsync(ConfirmingChannel.Options, cancellation));
            }

            return _output;
        }
        finally
        {
            _gate.Release();
        }
    }
}
