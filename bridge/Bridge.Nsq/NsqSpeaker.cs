using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Keeps one connection to one nsqd to publish by. Thread: any.</summary>
/// <param name="address">Where it is.</param>
/// <param name="options">How to be let in.</param>
internal sealed class NsqSpeaker(string address, NsqBrokerOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private NsqConnection? _connection;

    /// <summary>When connecting failed last, of <see cref="Environment.TickCount64"/>; long ago where it never did.</summary>
    public long FailedAt { get; private set; } = long.MinValue / 2;

    /// <summary>The connection, made anew where the last has ended.</summary>
    /// <exception cref="BrokerException">Nobody answers, or what answers refuses.</exception>
    public async ValueTask<NsqConnection> ConnectAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _connection) is { IsEnded: false } connection)
        {
            return connection;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsEnded: false } other)
            {
                return other;
            }

            if (_connection is not null)
            {
                await _connection.DisposeAsync();
                _connection = null;
            }

            var lease = TimeSpan.FromSeconds(Math.Min(60, options.MaxLease.TotalSeconds));
            _connection = await NsqConnection.OpenAsync(address, options, lease, static (_, _) => { }, cancellation);
            return _connection;
        }
        catch (BrokerException)
        {
            FailedAt = Environment.TickCount64;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
            _gate.Dispose();
        }
    }
}
