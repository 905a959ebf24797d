using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Bridge.Core.PubSub;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq.Connections;

/// <summary>The connection to a server or cluster, made anew when somebody needs it and it is gone. Thread: any.</summary>
internal sealed class RabbitMqLink : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly RabbitMqBrokerOptions _options;
    private readonly RabbitMqAddress _address;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;
    private IChannel? _output;
    private bool _isClosed;

    internal RabbitMqLink(RabbitMqBrokerOptions options)
    {
        _options = options;
        _address = new RabbitMqAddress(options);
    }

    /// <summary>The servers, for people.</summary>
    internal string Name => _address.ToString();

    /// <summary>A channel of one's own.</summary>
    /// <exception cref="BrokerException">The server can't be reached, or refuses.</exception>
    internal async Task<IChannel> OpenAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            // Not to be cancelled, as no command is: the server would have done what nobody here knows of.
            return await (await ConnectAsync(cancellation)).CreateChannelAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception error) when (IsOfTheConnection(error, cancellation))
        {
            throw Unreachable(error);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The channel that all publish by, each message confirmed; waited for as long as publishing is patient.</summary>
    /// <exception cref="BrokerException">The server can't be reached for that long, or refuses.</exception>
    internal async Task<IChannel> OutputAsync(CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)_options.ReconnectPatience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return await TryOutputAsync(cancellation);
            }
            catch (BrokerException error) when (error.IsTransient && Environment.TickCount64 < end)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Publishes one message, and waits until the server has it on its disks.</summary>
    /// <exception cref="BrokerException">It doesn't, or that can't be known.</exception>
    internal async Task PublishAsync(string exchange, string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var output = await OutputAsync(cancellation);
        await PublishAsync(output, exchange, queue, properties, body, cancellation);
    }

    /// <inheritdoc cref="PublishAsync(string, string, BasicProperties, ReadOnlyMemory{byte}, CancellationToken)"/>
    internal async Task PublishAsync(IChannel output, string exchange, string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.ConfirmTimeout);
        try
        {
            // A queue that isn't there gives the message back; an exchange without queues is a topic that nobody subscribes to.
            await output.BasicPublishAsync(exchange, queue, mandatory: exchange.Length == 0, properties, body, timeout.Token);
        }
        catch (PublishException error)
        {
            throw new BrokerException(
                error.IsReturn ? $"RabbitMQ at {Name} has no queue {queue}." : $"RabbitMQ at {Name} doesn't take a message for {exchange}{queue}.",
                error.IsReturn ? "Start the host with provisioning on, or make it." : "See the queues' limits and the server's log.",
                isTransient: !error.IsReturn,
                error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            // A channel may have asked a queue's leader that is none any more; the next one asks anew.
            _ = ForgetAsync(output);
            throw new BrokerException($"RabbitMQ at {Name} doesn't confirm within {_options.ConfirmTimeout.TotalSeconds} s that it has a message.", "It may have it all the same. See that the topic's queues have leaders (rabbitmq-queues quorum_status), and the server's log.", inner: error);
        }
        catch (Exception error) when (IsLoss(error))
        {
            throw Translate(error, exchange);
        }
    }

    /// <summary>Whether an error of the client says that connection or channel are gone.</summary>
    internal static bool IsLoss(Exception error) =>
        error is RabbitMQClientException or IOException or SocketException or ObjectDisposedException or TimeoutException or ChannelClosedException;

    // The client also cancels by itself what a broken connection leaves undone.
    private static bool IsOfTheConnection(Exception error, CancellationToken cancellation) =>
        IsLoss(error) || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>The server can't be reached.</summary>
    internal BrokerException Unreachable(Exception error)
    {
        var cause = error;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var isRefused = cause is AuthenticationFailureException or AuthenticationException || error is AuthenticationFailureException;
        return new BrokerException(
            $"RabbitMQ at {Name} can't be reached: {cause.Message}",
            isRefused ? "Give it a user and password that the server knows, and the authority that issued its certificate." : "See that a RabbitMQ server runs there and that the address in the configuration is right.",
            isTransient: !isRefused,
            error);
    }

    /// <summary>Ends it; what waits for a confirmation fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _isClosed = true;
            if (_connection is { } connection)
            {
                await connection.DisposeAsync();
            }
        }
        catch (Exception error) when (IsLoss(error))
        {
            // It is gone already.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Frees what belongs to a connection that is gone, without waiting: it may itself wait for answers that can't come.</summary>
    internal static async Task ForgetAsync(IAsyncDisposable gone)
    {
        try
        {
            await gone.DisposeAsync();
        }
        catch (Exception error) when (error is OperationCanceledException || IsLoss(error))
        {
            // It is gone already.
        }
    }

    private BrokerException Translate(Exception error, string exchange) =>
        error is OperationInterruptedException { ShutdownReason.ReplyCode: 404 }
            ? new BrokerException($"RabbitMQ at {Name} has no exchange {exchange}.", "Start the host with provisioning on, or make it.", isTransient: false, error)
            : new BrokerException($"The connection to RabbitMQ at {Name} is gone: {error.Message}", "It is made again by itself once the server can be reached.", inner: error);

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
                var connection = await ConnectAsync(cancellation);
                _output = await connection.CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), CancellationToken.None);
            }

            return _output;
        }
        catch (Exception error) when (IsOfTheConnection(error, cancellation))
        {
            throw Unreachable(error);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellation)
    {
        if (_isClosed)
        {
            throw new BrokerException($"The connection to RabbitMQ at {Name} is closed.", isTransient: false);
        }

        if (_connection is { IsOpen: true })
        {
            return _connection;
        }

        if (_connection is { } former)
        {
            _connection = null;
            _ = ForgetAsync(former);
        }

        return _connection = await _address.Factory().CreateConnectionAsync(_address.Endpoints(), _options.ClientName, cancellation);
    }
}
