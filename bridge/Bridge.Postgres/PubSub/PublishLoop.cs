using System.Diagnostics;
using System.Globalization;
using Bridge.Core.PubSub;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>
/// Publishes what all callers want, one transaction at a time on one connection: while the server writes one to disk, the next collects.
/// </summary>
internal sealed class PublishLoop : IAsyncDisposable
{
    private const int MaxMessages = 1000;
    private const int MaxBytes = 4 * 1024 * 1024;

    // A connection that answered so recently is taken for alive. Another is asked first, so that no message goes to a server that is gone.
    private static readonly TimeSpan TakenForAlive = TimeSpan.FromSeconds(1);

    private readonly BrokerConnections _connections;
    private readonly PublishStatement _statement;
    private readonly WakeUps _wakeUps;
    private readonly Batcher<PublishItem> _batcher;
    private NpgsqlConnection? _connection;
    private long _lastUsed;

    internal PublishLoop(BrokerConnections connections, BrokerSchema schema, WakeUps wakeUps)
    {
        _connections = connections;
        _statement = new PublishStatement(schema);
        _wakeUps = wakeUps;
        _batcher = new Batcher<PublishItem>(MaxMessages, MaxBytes, static item => item.Body.Length, PublishAsync);
    }

    /// <summary>Has messages published; their call tells when they are.</summary>
    internal void Add(ReadOnlySpan<PublishItem> items) => _batcher.Add(items);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _batcher.WhenIdleAsync().ConfigureAwait(false);
        await DropAsync().ConfigureAwait(false);
    }

    private async Task PublishAsync(List<PublishItem> items)
    {
        var wanted = items.Where(item => !Refuse(item)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        try
        {
            var connection = await ConnectAsync().ConfigureAwait(false);
            var ids = await _statement.RunAsync(connection, wanted).ConfigureAwait(false);
            _lastUsed = Stopwatch.GetTimestamp();
            for (var at = 0; at < wanted.Count; at++)
            {
                wanted[at].Call.End(wanted[at].Index, PublishResult.Taken(ids[at].ToString(CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception exception)
        {
            // Justification: the root of the loop; whoever waits has to hear of it.
            await DropAsync().ConfigureAwait(false);
            var failure = PublishResult.Failed(_connections.Explain(exception, "publish"));
            wanted.ForEach(item => item.Call.End(item.Index, failure));
            return;
        }

        await TellAsync(wanted).ConfigureAwait(false);
    }

    private async Task TellAsync(List<PublishItem> published)
    {
        try
        {
            // Justification of '!': the messages have just been published on it.
            await _wakeUps.TellAsync(_connection!, published.Select(item => item.Topic)).ConfigureAwait(false);
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            // Other processes find the messages when they look by themselves.
            await DropAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends what nobody wants any more, and what would overtake a message of its call that failed.</summary>
    private static bool Refuse(PublishItem item)
    {
        var reason = item.Call.Failure ?? (item.Call.Cancellation.IsCancellationRequested ? new OperationCanceledException(item.Call.Cancellation) : null);
        if (reason is null)
        {
            return false;
        }

        item.Call.End(item.Index, PublishResult.Failed(reason));
        return true;
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync()
    {
        if (_connection is { } connection)
        {
            if (Stopwatch.GetElapsedTime(_lastUsed) < TakenForAlive || await AnswersAsync(connection).ConfigureAwait(false))
            {
                return connection;
            }

            await DropAsync().ConfigureAwait(false);
            _connections.Source.Clear();
        }

        return _connection = await _connections.Source.OpenConnectionAsync().ConfigureAwait(false);
    }

    private static async ValueTask<bool> AnswersAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            return false;
        }
    }

    private async ValueTask DropAsync()
    {
        var connection = _connection;
        _connection = null;
        try
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception))
        {
            // It was lost before it was closed.
        }
    }
}
