using System.Threading.Channels;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Takes dead letters from all nsqd processes and gives back those that aren't done with. Thread: one.</summary>
internal sealed class DeadLetterReader : IAsyncDisposable
{
    /// <summary>How many are held at a time, under what nsqd allows a connection (2,500 unless it is set otherwise).</summary>
    public const int MaxHeld = 2000;

    // Without another for so long, there are no more. nsqd gives what it has at once.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Channel<HeldLetter> _arrivals = Channel.CreateUnbounded<HeldLetter>();
    private readonly List<NsqConnection> _connections = [];
    private readonly List<HeldLetter> _held = [];

    private DeadLetterReader()
    {
    }

    /// <summary>Connects to all.</summary>
    /// <exception cref="BrokerException">One can't be reached, or refuses.</exception>
    public static async Task<DeadLetterReader> OpenAsync(string topic, NsqFleet fleet, CancellationToken cancellation)
    {
        var reader = new DeadLetterReader();
        try
        {
            var lease = Lease < fleet.Options.MaxLease ? Lease : fleet.Options.MaxLease;
            foreach (var address in await fleet.AddressesAsync(cancellation))
            {
                var connection = await NsqConnection.OpenAsync(address, fleet.Options, lease, reader.Take, cancellation);
                reader._connections.Add(connection);
                await connection.AskAsync(NsqCommands.Subscribe(topic, NsqNames.DeadChannel), cancellation);
            }

            foreach (var connection in reader._connections)
            {
                await connection.SayAsync(NsqCommands.Ready(Math.Min(MaxHeld / reader._connections.Count, connection.Identity.MaxReady)));
            }

            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>All that there are, as far as they can be held.</summary>
    public async Task<IReadOnlyList<HeldLetter>> ReadAllAsync(CancellationToken cancellation)
    {
        await ReadEachAsync(static _ => Task.FromResult(false), cancellation);
        return _held;
    }

    /// <summary>Shows each.</summary>
    /// <param name="visit">Says whether it is done with: then it isn't given back, and makes room for another.</param>
    /// <param name="cancellation">Ends it between two.</param>
    public async Task ReadEachAsync(Func<HeldLetter, Task<bool>> visit, CancellationToken cancellation)
    {
        while (_held.Count < MaxHeld && await WaitAsync(cancellation))
        {
            while (_held.Count < MaxHeld && _arrivals.Reader.TryRead(out var letter))
            {
                // Given back, should what follows fail.
                _held.Add(letter);
                cancellation.ThrowIfCancellationRequested();
                if (await visit(letter))
                {
                    _held.RemoveAt(_held.Count - 1);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            try
            {
                await connection.CloseAsync(() => GiveBackAsync(connection));
            }
            catch (BrokerException)
            {
                // It is gone; nsqd gives its messages to others when their leases are over.
            }

            await connection.DisposeAsync();
        }
    }

    private async Task GiveBackAsync(NsqConnection connection)
    {
        while (_arrivals.Reader.TryRead(out var letter))
        {
            _held.Add(letter);
        }

        foreach (var letter in _held.Where(letter => letter.Connection == connection))
        {
            await connection.SayAsync(NsqCommands.Requeue(letter.Letter.Id, TimeSpan.Zero));
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(Quiet);
        try
        {
            return await _arrivals.Reader.WaitToReadAsync(quiet.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Take(NsqConnection connection, NsqMessage message)
    {
        var envelope = NsqEnvelope.Parse(message.Body);
        _arrivals.Writer.TryWrite(new HeldLetter(connection, new DeadLetter
        {
            Id = message.Id,
            MessageId = envelope.Id ?? message.Id,
            PublishedAt = envelope.Dead?.PublishedAt,
            DiedAt = envelope.Dead?.DiedAt ?? message.PublishedAt,
            Attempts = envelope.Dead?.Attempts ?? 1,
            Reason = envelope.Dead?.Reason ?? new DeadLetterReason(DeadLetterCause.Failed, ""),
            Body = envelope.Body,
            Attributes = envelope.Attributes,
        }));
    }
}

/// <summary>A dead letter that nobody else sees for now.</summary>
/// <param name="Connection">Over which it came.</param>
/// <param name="Letter">What it is.</param>
internal sealed record HeldLetter(NsqConnection Connection, DeadLetter Letter);
