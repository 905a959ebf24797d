using Bridge.Core.PubSub;
using Bridge.Postgres.PubSub;
using Npgsql;

namespace Bridge.Postgres.Outbox;

/// <summary>
/// Brings the messages of a database's outbox to their brokers, in the order of commits per ordering key, and deletes them once the brokers
/// have them. Of all processes that run one, one leads: an advisory lock on its connection says which, and another takes over when that ends.
/// </summary>
/// <remarks>
/// A leader that ends between a broker's answer and the deletion leaves messages that are published a second time: under the same deduplication
/// id, so that a broker which knows such ids takes them once.
/// </remarks>
public sealed partial class OutboxRelay : IAsyncDisposable
{
    private const int MaxRows = 500;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // How often those that don't lead ask whether they may.
    private static readonly TimeSpan FollowerPause = TimeSpan.FromSeconds(1);

    // How often to look without being told.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly string _database;
    private readonly NpgsqlDataSource _source;
    private readonly Func<string, ITopicPublisher?> _publishers;
    private readonly IOutboxObserver? _observer;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private volatile bool _wasTold;
    private int _isDisposed;

    /// <summary>Begins.</summary>
    /// <param name="database">The application's name of the database, for messages.</param>
    /// <param name="source">Connections to the database; one at a time is used. The caller's to end.</param>
    /// <param name="publishers">What publishes to the topic of a name; null for a topic that the application doesn't have any more.</param>
    /// <param name="observer">Told of failures; null for nobody.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public OutboxRelay(
        string database, NpgsqlDataSource source, Func<string, ITopicPublisher?> publishers, IOutboxObserver? observer = null, TimeProvider? time = null)
    {
        (_database, _source, _publishers, _observer, _time) = (database, source, publishers, observer, time ?? TimeProvider.System);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether this process is the one that publishes now.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>Ends: what was sent to brokers is waited for, the rest stays for another process or the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _ending.CancelAsync().ConfigureAwait(false);

        // Justification: it is the relay's own task, on the thread pool.
#pragma warning disable VSTHRD003
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore VSTHRD003
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        for (var pause = FirstPause; !_ending.IsCancellationRequested;)
        {
            var wait = FollowerPause;
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_ending.Token).ConfigureAwait(false);
                if (await TakeLeadAsync(connection).ConfigureAwait(false))
                {
                    await LeadAsync(connection).ConfigureAwait(false);
                }

                pause = FirstPause;
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Justification: the root of the task. Whatever the driver throws, messages have to be published when the database is back.
                _observer?.ReadingFailed(_database, exception, pause);
                wait = pause;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            finally
            {
                IsLeader = false;
            }

            await Task.Delay(wait, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks for the lead; whoever waited for it within a statement would keep dead rows of the whole database from being reused.</summary>
    private async Task<bool> TakeLeadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock(hashtextextended('{PostgresOutbox.LockKey}:lead', 0))", connection);
        return await command.ExecuteScalarAsync(_ending.Token).ConfigureAwait(false) is true;
    }

    private async Task LeadAsync(NpgsqlConnection connection)
    {
        IsLeader = true;
        NotificationEventHandler tell = (_, _) => _wasTold = true;
        connection.Notification += tell;
        try
        {
            await using (var command = new NpgsqlCommand($"LISTEN {PostgresOutbox.Schema}", connection))
            {
                await command.ExecuteNonQueryAsync(_ending.Token).ConfigureAwait(false);
            }

            var resting = new RestingTopics(_time);
            while (true)
            {
                _ending.Token.ThrowIfCancellationRequested();
                _wasTold = false;
                if (!await PublishSomeAsync(connection, resting).ConfigureAwait(false) && !_wasTold)
                {
                    await connection.WaitAsync((int)resting.Patience(PollInterval).TotalMilliseconds, _ending.Token).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            connection.Notification -= tell;
            await GiveLeadUpAsync(connection).ConfigureAwait(false);
        }
    }

    // The connection goes back to the pool, where its lock would outlast the lead.
    private static async Task GiveLeadUpAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all(); UNLISTEN *", connection);
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception) || exception is InvalidOperationException)
        {
            // The connection is lost, and the lock with it.
        }
    }
}
