using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>All nsqd processes, with a connection to each that publishes. Thread: any.</summary>
/// <param name="options">Where they are.</param>
internal sealed class NsqFleet(NsqBrokerOptions options) : IAsyncDisposable
{
    // After a failure a process is asked last for so long.
    private const long AvoidedFor = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, NsqSpeaker> _speakers = new(StringComparer.Ordinal);
    private readonly NsqLookup _lookup = new(options);
    private IReadOnlyList<string> _nodes = [];
    private long _nodesUntil;
    private uint _turn;

    /// <summary>Where they are and how to be let in.</summary>
    public NsqBrokerOptions Options => options;

    /// <summary>Who knows of more.</summary>
    public NsqLookup Lookup => _lookup;

    /// <summary>The addresses of all.</summary>
    /// <exception cref="BrokerException">There are none, or those who know don't answer.</exception>
    public async Task<IReadOnlyList<string>> AddressesAsync(CancellationToken cancellation)
    {
        if (_lookup.IsThere && Environment.TickCount64 >= Volatile.Read(ref _nodesUntil))
        {
            _nodes = await LookUpAsync(cancellation);
            Volatile.Write(ref _nodesUntil, Environment.TickCount64 + (long)options.LookupInterval.TotalMilliseconds);
        }

        IReadOnlyList<string> addresses = _nodes.Count == 0 ? options.Hosts : [.. options.Hosts.Union(_nodes, StringComparer.Ordinal)];
        return addresses.Count > 0
            ? addresses
            : throw new BrokerException("No nsqd is known.", "Name at least one in the configuration (hosts), or an nsqlookupd that knows some.");
    }

    /// <summary>Gives a command that publishes to one of them: another each time, and the next where one can't be reached.</summary>
    /// <remarks>A command that was given and not answered isn't given again: it may have had its effect.</remarks>
    /// <exception cref="BrokerException">None takes it.</exception>
    public async Task PublishAsync(byte[] command, CancellationToken cancellation)
    {
        var connection = await ConnectAsync(await AddressesAsync(cancellation), cancellation);
        await connection.AskAsync(command, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NsqSpeaker[] speakers;
        lock (_lock)
        {
            speakers = [.. _speakers.Values];
            _speakers.Clear();
        }

        foreach (var speaker in speakers)
        {
            await speaker.DisposeAsync();
        }

        _lookup.Dispose();
    }

    private async Task<IReadOnlyList<string>> LookUpAsync(CancellationToken cancellation)
    {
        try
        {
            return await _lookup.NodesAsync(cancellation);
        }
        catch (BrokerException) when (options.Hosts.Count + _nodes.Count > 0)
        {
            // Those that are known go on.
            return _nodes;
        }
    }

    private async Task<NsqConnection> ConnectAsync(IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)addresses.Count);
        var now = Environment.TickCount64;
        var speakers = Enumerable.Range(0, addresses.Count)
            .Select(index => SpeakerOf(addresses[(first + index) % addresses.Count]))
            .OrderBy(speaker => now - speaker.FailedAt < AvoidedFor ? 1 : 0);
        BrokerException? failure = null;
        foreach (var speaker in speakers)
        {
            try
            {
                return await speaker.ConnectAsync(cancellation);
            }
            catch (BrokerException error)
            {
                failure = error;
            }
        }

        // Invariant: there is at least one address.
        throw failure!;
    }

    private NsqSpeaker SpeakerOf(string address)
    {
        lock (_lock)
        {
            if (!_speakers.TryGetValue(address, out var speaker))
            {
                _speakers[address] = speaker = new NsqSpeaker(address, options);
            }

            return speaker;
        }
    }
}
