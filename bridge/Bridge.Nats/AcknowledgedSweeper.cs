using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Nats.Connections;
using Bridge.Nats.JetStream;

namespace Bridge.Nats;

/// <summary>Deletes what all consumers of a stream have acknowledged, where the server can't be left to do it. Thread: any.</summary>
/// <remarks>
/// A stream of the retention "interest" does so by itself. But when nats-server from 2.9.7 to 2.9.15 starts, it purges such a stream up to where it
/// takes all consumers to have acknowledged, and reckons without those whose state it doesn't have: of those that never acknowledged, and of those
/// whose file its own end cut short. Messages that others still have to get are gone then. There streams keep their messages until this deletes
/// them, one by one: a purge would make these versions forget which messages are in work.
/// </remarks>
internal sealed class AcknowledgedSweeper : IAsyncDisposable
{
    /// <summary>The description of streams that are swept; others, whoever made them, are left alone.</summary>
    internal const string Mark = "encore-host deletes what all consumers have acknowledged";

    // Deletions that are under way: the server's other clients come in between.
    private const int Batch = 200;

    // Deletions of one round, so that a process ends soon.
    private const int MaxRound = 20_000;

    private static readonly Version Mended = new(2, 9, 16);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Connection _connection;
    private readonly JetStreamApi _api;
    private readonly IReadOnlyList<string> _streams;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _sweeping;

    /// <summary>Begins to sweep those of some streams that are marked, whatever version the server has by now.</summary>
    /// <param name="connection">Where the server is.</param>
    /// <param name="api">JetStream.</param>
    /// <param name="streams">The names of streams. They are there already, or will never be marked.</param>
    internal AcknowledgedSweeper(Connection connection, JetStreamApi api, IReadOnlyList<string> streams)
    {
        (_connection, _api, _streams) = (connection, api, streams);
        _sweeping = SweepAllAsync(_closing.Token);
    }

    /// <summary>Whether streams that are made on a server have to be swept. Of an unknown version, they are: that is right on any.</summary>
    internal static bool IsNeeded(Version? server) => server is null || server < Mended;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
#pragma warning disable VSTHRD003 // Justification: it was started by this object and waits for nothing of the caller's.
        await _sweeping;
#pragma warning restore VSTHRD003
        _closing.Dispose();
    }

    private async Task SweepAllAsync(CancellationToken closing)
    {
        using var timer = new PeriodicTimer(Interval);
        var streams = _streams.ToList();
        try
        {
            while (streams.Count > 0 && await timer.WaitForNextTickAsync(closing))
            {
                foreach (var stream in streams.ToArray())
                {
                    if (!await TrySweepAsync(stream, closing))
                    {
                        streams.Remove(stream);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    /// <returns>Whether the stream is to be swept again.</returns>
    private async Task<bool> TrySweepAsync(string stream, CancellationToken closing)
    {
        try
        {
            if (await _api.StreamAsync(stream, closing) is not { Config.Description: Mark } found)
            {
                return false;
            }

            if (found.State is { Messages: > 0 } state)
            {
                var end = EndOfAcknowledged(await _api.ConsumersAsync(stream, closing), state.LastSeq);
                await DeleteAsync(stream, state.FirstSeq, Math.Min(end, state.FirstSeq + MaxRound), closing);
            }
        }
        catch (BrokerException)
        {
            // Another round comes.
        }

        return true;
    }

    /// <returns>The number up to which every consumer has acknowledged all that is for it.</returns>
    private static ulong EndOfAcknowledged(IReadOnlyList<ConsumerAnswer> consumers, ulong last) =>
        consumers.Select(consumer => consumer.NumAckPending == 0 ? consumer.Delivered.StreamSeq : consumer.AckFloor.StreamSeq).Append(last).Min();

    private async Task DeleteAsync(string stream, ulong first, ulong last, CancellationToken closing)
    {
        var subject = Encoding.UTF8.GetBytes($"$JS.API.STREAM.MSG.DELETE.{stream}");
        for (var number = first; number <= last && _connection.TryGet() is { } session; number++)
        {
            // Nobody waits for the answer: one that isn't deleted now is in the next round.
            session.Publish(subject, default, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"seq":{{number}},"no_erase":true}""")));
            if ((number - first) % Batch == Batch - 1)
            {
                await _connection.FlushAsync();
                closing.ThrowIfCancellationRequested();
            }
        }
    }
}
