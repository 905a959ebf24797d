using Bridge.Core.PubSub;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>The connection to the server, made with the first use and healed by the client. Thread: any.</summary>
internal sealed class RedisLink(RedisBrokerOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ConnectionMultiplexer? _connection;
    private bool _isDisposed;

    /// <summary>Host and port, for messages.</summary>
    internal string Place => $"{options.Host}:{options.Port}";

    /// <summary>Runs a script.</summary>
    /// <param name="doing">What for, in messages.</param>
    /// <param name="script">The script.</param>
    /// <param name="key">The key that says where in a cluster it runs.</param>
    /// <param name="arguments">What it is given.</param>
    /// <exception cref="BrokerException">It went wrong.</exception>
    internal Task<RedisResult> RunAsync(string doing, string script, RedisKey key, RedisValue[] arguments) =>
        UseAsync(doing, database => database.ScriptEvaluateAsync(script, [key], arguments));

    /// <summary>Asks the server for something.</summary>
    /// <exception cref="BrokerException">It went wrong.</exception>
    internal async Task<T> UseAsync<T>(string doing, Func<IDatabase, Task<T>> use)
    {
        try
        {
            var connection = await ConnectAsync().ConfigureAwait(false);
            return await use(connection.GetDatabase(options.Database)).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisErrors.IsOfServer(exception))
        {
            throw RedisErrors.Explain(exception, doing, Place);
        }
    }

    /// <summary>Has something told whenever a channel is told anything; after a loss of the connection too.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="told">Is told whether there may be messages that aren't fresh in the stream.</param>
    internal async Task ListenAsync(string channel, Action<bool> told)
    {
        try
        {
            var connection = await ConnectAsync().ConfigureAwait(false);
            connection.ConnectionRestored += (_, _) => told(true);
            await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, news) => told(!news.IsNullOrEmpty)).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisErrors.IsOfServer(exception))
        {
            throw RedisErrors.Explain(exception, "listen for messages", Place);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _turn.Dispose();
    }

    private async ValueTask<ConnectionMultiplexer> ConnectAsync()
    {
        if (Volatile.Read(ref _connection) is { } known)
        {
            return known;
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(Configuration()).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private ConfigurationOptions Configuration()
    {
        var configuration = new ConfigurationOptions
        {
            EndPoints = { { options.Host, options.Port } },
            User = options.User,
            Password = options.Password,
            ClientName = "encore-host",

            // For reading the settings that say how safely the server keeps things.
            AllowAdmin = true,
            Ssl = options.Tls is not null,
            SslHost = options.Tls?.ServerName ?? options.Host,

            // The first connection fails where the server isn't there, and says why; later ones are tried again for ever.
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ReconnectRetryPolicy = new ExponentialRetry(100, 2000),
            BacklogPolicy = BacklogPolicy.FailFast,
            ConnectTimeout = (int)options.Timeout.TotalMilliseconds,
            AsyncTimeout = (int)options.Timeout.TotalMilliseconds,
            KeepAlive = 15,
            HeartbeatInterval = TimeSpan.FromMilliseconds(250),
        };
        if (options.Tls?.Authority is { } authority)
        {
            configuration.TrustIssuer(authority);
        }

        if (options.Tls?.Client is { } client)
        {
            configuration.CertificateSelection += (_, _, _, _, _) => client;
        }

        return configuration;
    }
}
