using System.Collections.Concurrent;
using Bridge.Postgres.Errors;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>
/// All listening of a database, on one connection beside the pool that is made with the first listener and made anew whenever it is lost.
/// </summary>
internal sealed class ListenerHub(Database database) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, Listener> _listeners = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _change = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">No connection can be made.</exception>
    internal async ValueTask AddAsync(Listener listener, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_loop.IsCompleted)
            {
                var connection = await ConnectAsync(cancellation).ConfigureAwait(false);
                _listeners[listener.Id] = listener;
                _loop = Task.Run(() => RunAsync(connection), CancellationToken.None);
            }
            else
            {
                _listeners[listener.Id] = listener;
            }

            await ApplyAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            _listeners.TryRemove(listener.Id, out _);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The listener of that number; null for none.</summary>
    internal Listener? Find(int id) => _listeners.GetValueOrDefault(id);

    /// <summary>Ends a listener.</summary>
    internal void Remove(Listener listener)
    {
        listener.Close();
        _listeners.TryRemove(listener.Id, out _);
        Wake();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, listener) in _listeners)
        {
            listener.Close();
        }

        await _ending.CancelAsync().ConfigureAwait(false);

        // The loop is ours, on the thread pool.
#pragma warning disable VSTHRD003
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore VSTHRD003
    }

    private void Wake()
    {
        lock (_gate)
        {
            _change.Cancel();
        }
    }

    // Wakes the loop, and waits until it listens to what is listened to now.
    private async Task ApplyAsync(CancellationToken cancellation)
    {
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _applied = applied;
        }

        Wake();
        await applied.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw SqlError.CannotConnect(database.Options.Name, DataSources.Place(database.Options), exception);
        }
    }

    private async Task RunAsync(NpgsqlConnection first)
    {
        NpgsqlConnection? connection = first;
        var wasLost = false;
        for (var pause = FirstPause; !_ending.IsCancellationRequested;)
        {
            try
            {
                connection ??= await database.Source.OpenConnectionAsync(_ending.Token).ConfigureAwait(false);
                pause = FirstPause;
                await ListenAsync(connection, wasLost).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                wasLost = true;
            }
            catch (OperationCanceledException)
            {
                // Listening is over.
            }

            await DisposeAsync(connection).ConfigureAwait(false);
            connection = null;
            await Task.Delay(pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async Task DisposeAsync(NpgsqlConnection? connection)
    {
        try
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (NpgsqlException)
        {
            // It was lost before it was closed.
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, bool wasLost)
    {
        HashSet<string> channels = [];
        connection.Notification += (_, notification) => Tell(notification);
        while (true)
        {
            TaskCompletionSource applied;
            CancellationToken change;
            lock (_gate)
            {
                applied = _applied;
                if (_change.IsCancellationRequested)
                {
                    _change.Dispose();
                    _change = new CancellationTokenSource();
                }

                change = _change.Token;
            }

            await FollowAsync(connection, channels).ConfigureAwait(false);
            applied.TrySetResult();
            if (wasLost)
            {
                // From here on nothing is missed: whoever looks at the tables now has seen all.
                wasLost = false;
                TellOfLoss();
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(change, _ending.Token);
            try
            {
                await connection.WaitAsync(waiting.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
            {
                // Channels have come or gone.
            }
        }
    }

    private async Task FollowAsync(NpgsqlConnection connection, HashSet<string> channels)
    {
        var wanted = _listeners.Values.Select(listener => listener.Channel).ToHashSet();
        foreach (var channel in wanted.Except(channels).ToList())
        {
            await ExecuteAsync(connection, $"LISTEN {Identifier.Quote(channel)}").ConfigureAwait(false);
        }

        foreach (var channel in channels.Except(wanted).ToList())
        {
            await ExecuteAsync(connection, $"UNLISTEN {Identifier.Quote(channel)}").ConfigureAwait(false);
        }

        channels.Clear();
        channels.UnionWith(wanted);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(_ending.Token).ConfigureAwait(false);
    }

    private void TellOfLoss()
    {
        foreach (var (_, listener) in _listeners)
        {
            listener.Add(null);
        }
    }

    private void Tell(NpgsqlNotificationEventArgs notification)
    {
        var told = new Notification(notification.Payload, notification.PID);
        foreach (var (_, listener) in _listeners)
        {
            if (listener.Channel == notification.Channel)
            {
                listener.Add(told);
            }
        }
    }
}
