using Bridge.Core.PubSub;
using RabbitMQ.Client;

namespace Bridge.RabbitMq.Connections;

/// <summary>One connection to a server or cluster, made anew when somebody needs it and it is gone. Thread: any.</summary>
/// <param name="address">Where the server is.</param>
/// <param name="clientName">By which operators know the connection.</param>
internal sealed class RabbitMqConnection(RabbitMqAddress address, string clientName) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;
    private bool _isClosed;

    /// <summary>Whether the server lets the connection that there is now publish.</summary>
    internal Blockade Blockade { get; private set; } = new();

    /// <summary>A channel of one's own.</summary>
    /// <param name="options">What it is for; null for one that publishes nothing.</param>
    /// <param name="cancellation">Ends the wait for a connection.</param>
    /// <exception cref="BrokerException">The server can't be reached, or refuses.</exception>
    internal async Task<IChannel> OpenAsync(CreateChannelOptions? options, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            // Not to be cancelled, as no command is: the server would have done what nobody here knows of.
            return await (await ConnectAsync(cancellation)).CreateChannelAsync(options, CancellationToken.None);
        }
        catch (Exception error) when (RabbitMqFailures.IsOfTheConnection(error, cancellation))
        {
            throw RabbitMqFailures.Unreachable(address.ToString(), error);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends it; what waits for an answer fails.</summary>
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
        catch (Exception error) when (RabbitMqFailures.IsLoss(error))
        {
            // It is gone already.
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
            throw new BrokerException($"The connection to RabbitMQ at {address} is closed.", isTransient: false);
        }

        if (_connection is { IsOpen: true })
        {
            return _connection;
        }

        if (_connection is { } former)
        {
            _connection = null;
            _ = RabbitMqFailures.ForgetAsync(former);
        }

        _connection = await address.Factory().CreateConnectionAsync(address.Endpoints(), clientName, cancellation);
        Blockade = new Blockade();
        Blockade.Watch(_connection);
        return _connection;
    }
}
