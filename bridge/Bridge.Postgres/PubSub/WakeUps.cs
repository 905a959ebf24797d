using System.Collections.Concurrent;
using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Postgres.Queries;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>Tells sources that their topic may have messages: those of this process at once, others by a notification.</summary>
/// <remarks>
/// Notifications follow the commit instead of being part of it: commits that notify happen one at a time in the whole server. One that is
/// lost on the way costs a wait of the poll interval.
/// </remarks>
internal sealed class WakeUps(BrokerConnections connections, BrokerSchema schema) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<PostgresSource, int> _sources = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private Task? _listening;

    /// <summary>Whether other processes' notifications arrive.</summary>
    internal bool IsListening { get; private set; }

    /// <summary>The sources that want to know.</summary>
    internal ICollection<PostgresSource> Sources => _sources.Keys;

    /// <summary>Adds a source that wants to know.</summary>
    internal void Add(PostgresSource source, int topic)
    {
        _sources[source] = topic;
        lock (_lock)
        {
            _listening ??= Task.Run(ListenAsync);
        }
    }

    /// <summary>Removes one that doesn't any more.</summary>
    internal void Remove(PostgresSource source) => _sources.TryRemove(source, out _);

    /// <summary>Tells everybody, here and elsewhere, that topics may have messages.</summary>
    internal async Task TellAsync(NpgsqlConnection connection, IEnumerable<int> topics)
    {
        var numbers = topics.Distinct().ToArray();
        foreach (var topic in numbers)
        {
            Wake(topic);
        }

        await using var command = new NpgsqlCommand("SELECT pg_notify($1, t::text) FROM unnest($2) t", connection)
        {
            Parameters = { new() { Value = schema.Name }, new() { Value = numbers } },
        };
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await (_listening ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    /// <summary>Wakes the sources of a topic here; of all topics for 0.</summary>
    private void Wake(int topic)
    {
        foreach (var (source, number) in _sources)
        {
            if (topic == 0 || number == topic)
            {
                source.Wake();
            }
        }
    }

    private async Task ListenAsync()
    {
        for (var pause = FirstPause; !_ending.IsCancellationRequested;)
        {
            try
            {
                await using var connection = await connections.Source.OpenConnectionAsync(_ending.Token).ConfigureAwait(false);
                connection.Notification += (_, told) => Wake(int.TryParse(told.Payload, CultureInfo.InvariantCulture, out var topic) ? topic : 0);
                await using (var command = new NpgsqlCommand($"LISTEN {Identifier.Quote(schema.Name)}", connection))
                {
                    await command.ExecuteNonQueryAsync(_ending.Token).ConfigureAwait(false);
                }

                // From here on nothing is missed: whoever looks at the tables now has seen all.
                (IsListening, pause) = (true, FirstPause);
                Wake(0);
                while (true)
                {
                    await connection.WaitAsync(_ending.Token).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (BrokerErrors.IsOfDatabase(exception) || exception is OperationCanceledException)
            {
                IsListening = false;
            }

            await Task.Delay(pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
