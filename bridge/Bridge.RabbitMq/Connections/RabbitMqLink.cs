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
    private IChannel? _output;

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
    internal async Task<IChannel> OutputAsync(CancellationToken cancellation)
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

    /// <summary>Publishes one message, and waits until the server has it on its disks.</summary>
    /// <param name="exchange">To which exchange.</param>
    /// <param name="routingKey">With which key: of the exchange "", the queue.</param>
    /// <param name="properties">What goes beside it.</param>
    /// <param name="body">The message.</param>
    /// <param name="mustArrive">Whether there has to be a queue for it. A topic that nobody subscribes to has none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BrokerException">It doesn't, or that can't be known.</exception>
    internal async Task PublishAsync(string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, bool mustArrive, CancellationToken cancellation)
    {
        var output = await OutputAsync(cancellation);
        await PublishAsync(output, exchange, routingKey, properties, body, mustArrive, cancellation);
    }

    /// <inheritdoc cref="PublishAsync(string, string, BasicProperties, ReadOnlyMemory{byte}, bool, CancellationToken)"/>
    internal async Task PublishAsync(
        IChannel output, string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body, bool mustArrive, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.ConfirmTimeout);
        var target = exchange.Length > 0 ? exchange : routingKey;
        try
        {
            await output.BasicPublishAsync(exchange, routingKey, mustArrive, properties, body, timeout.Token);
        }
        catch (PublishException error)
        {
            throw new BrokerException(
                error.IsReturn ? $"RabbitMQ at {Name} has no queue {target}." : $"RabbitMQ at {Name} doesn't take a message for {target}.",
                error.IsReturn ? "Start the host with provisioning on, or make it." : "See the queues' limits and the server's log.",
                isTransient: !error.IsReturn,
                error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw _publishing.Blockade.Reason is { } reason ? Blocked(reason, "It may have the message all the same. ", error) : Unconfirmed(output, error);
        }
        catch (Exception error) when (RabbitMqFailures.IsLoss(error))
        {
            throw error is OperationInterruptedException { ShutdownReason.ReplyCode: 404 }
                ? new BrokerException($"RabbitMQ at {Name} has no exchange {exchange}.", "Start the host with provisioning on, or make it.", isTransient: false, error)
                : RabbitMqFailures.Gone(Name, error);
        }
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

    private BrokerException Unconfirmed(IChannel output, Exception error)
    {
        // A channel may have asked a queue's leader that is none any more; the next one asks anew.
        _ = RabbitMqFailures.ForgetAsync(output);
        return new BrokerException(
            $"RabbitMQ at {Name} doesn't confirm within {_options.ConfirmTimeout.TotalSeconds} s that it has a message.",
            "It may have it all the same. See that the topic's queues have leaders (rabbitmq-queues quorum_status), and the server's log.",
            inner: error);
    }

    private async Task<IChannel> TryOutputAsync(CancellationToken cancellation)
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
                _output = await _publishing.OpenAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            }

            return _output;
        }
        finally
        {
            _gate.Release();
        }
    }
}
