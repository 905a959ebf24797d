using Bridge.Core.PubSub;
using Bridge.Postgres.Errors;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>The broker's connections: so many at most, each for one thing at a time. Thread: any.</summary>
internal sealed class BrokerConnections : IAsyncDisposable
{
    // Queues are short where they are read, whatever statistics say of their tables: plans that read whole tables are never right.
    private const string Settings = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    // One publishes, one listens.
    private const int Standing = 2;

    private readonly SemaphoreSlim _free;

    internal BrokerConnections(PostgresBrokerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 4);
        var builder = new NpgsqlSlimDataSourceBuilder(options.ConnectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.Options = string.IsNullOrEmpty(settings.Options) ? Settings : $"{settings.Options} {Settings}";
        settings.ApplicationName ??= "encore-host pubsub";
        settings.ClientEncoding = "UTF8";
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = options.MaxConnections + Standing;
        settings.MaxAutoPrepare = 32;
        settings.AutoPrepareMinUsages = 2;
        settings.CommandTimeout = 30;
        settings.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        if (settings.Host is not ['/', ..])
        {
            // A Unix socket has none, and needs none.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 30;
            settings.TcpKeepAliveInterval = 5;
        }

        builder.EnableTransportSecurity();
        builder.EnableArrays();
        options.Configure?.Invoke(builder);
        Place = $"{settings.Host}:{settings.Port}/{settings.Database}";
        Source = builder.Build();
        _free = new SemaphoreSlim(options.MaxConnections - Standing);
    }

    /// <summary>Host, port and database, for messages.</summary>
    internal string Place { get; }

    /// <summary>The driver's connections.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>Does something on a connection.</summary>
    /// <param name="doing">What, for messages: "receive from the subscription s".</param>
    /// <param name="run">Does it.</param>
    /// <param name="cancellation">Ends the wait for a connection, and what <paramref name="run"/> hands it to.</param>
    /// <exception cref="BrokerException">It went wrong.</exception>
    internal async Task<T> UseAsync<T>(string doing, Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            return await run(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            throw Explain(exception, doing);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Says what went wrong, and leaves connections that may be lost as well.</summary>
    internal BrokerException Explain(Exception exception, string doing)
    {
        if (SqlError.IsConnectionLoss(exception))
        {
            Source.Clear();
        }

        return BrokerErrors.Explain(exception, doing, Place);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync().ConfigureAwait(false);
        _free.Dispose();
    }
}
