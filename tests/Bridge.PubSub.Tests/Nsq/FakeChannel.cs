namespace Bridge.PubSub.Tests.Nsq;

/// <summary>A topic of <see cref="FakeNsqd"/>: every channel gets a copy of each message; without channels it keeps them for the first.</summary>
internal sealed class FakeTopic
{
    private readonly Lock _lock = new();
    private readonly Queue<(FakeMessage Message, TimeSpan Delay)> _kept = new();

    public Dictionary<string, FakeChannel> Channels { get; } = new(StringComparer.Ordinal);

    public FakeChannel Channel(string name)
    {
        lock (_lock)
        {
            if (!Channels.TryGetValue(name, out var channel))
            {
                Channels[name] = channel = new FakeChannel();
                while (_kept.TryDequeue(out var kept))
                {
                    channel.Put(kept.Message, kept.Delay);
                }
            }

            return channel;
        }
    }

    public void Put(FakeMessage message, TimeSpan delay)
    {
        lock (_lock)
        {
            if (Channels.Count == 0)
            {
                _kept.Enqueue((message, delay));
            }

            foreach (var channel in Channels.Values)
            {
                channel.Put(message with { }, delay);
            }
        }
    }
}

/// <summary>A message of <see cref="FakeNsqd"/>.</summary>
internal sealed record FakeMessage(string Id, long Nanoseconds, byte[] Body)
{
    public ushort Attempts { get; set; }
}

/// <summary>A channel: each message to one client at a time, and to another when the lease is over.</summary>
internal sealed class FakeChannel : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<FakeMessage> _queue = new();
    private readonly List<(FakeMessage Message, long Due)> _deferred = [];
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly List<FakeNsqdClient> _clients = [];
    private readonly Timer _timer;
    private int _turn;

    public FakeChannel() => _timer = new Timer(_ => Look(), state: null, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));

    public int Depth
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count + _deferred.Count;
            }
        }
    }

    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _flights.Count;
            }
        }
    }

    public void Put(FakeMessage message, TimeSpan delay)
    {
        lock (_lock)
        {
            Enqueue(message, delay);
            Pump();
        }
    }

    public void Join(FakeNsqdClient client)
    {
        lock (_lock)
        {
            _clients.Add(client);
        }
    }

    // As in nsqd, what was in flight stays so until its lease is over.
    public void Leave(FakeNsqdClient client)
    {
        lock (_lock)
        {
            _clients.Remove(client);
        }
    }

    public bool Finish(FakeNsqdClient client, string id)
    {
        lock (_lock)
        {
            var isThere = End(client, id) is not null;
            Pump();
            return isThere;
        }
    }

    public bool Requeue(FakeNsqdClient client, string id, TimeSpan delay)
    {
        lock (_lock)
        {
            if (End(client, id) is not { } message)
            {
                return false;
            }

            Enqueue(message, delay);
            Pump();
            return true;
        }
    }

    public bool Touch(FakeNsqdClient client, string id)
    {
        lock (_lock)
        {
            if (!_flights.TryGetValue(id, out var flight) || flight.Client != client)
            {
                return false;
            }

            flight.Until = Environment.TickCount64 + client.Lease;
            return true;
        }
    }

    public void Wake()
    {
        lock (_lock)
        {
            Pump();
        }
    }

    /// <summary>What was in flight is in the queue again: so nsqd finds it when it starts.</summary>
    public void Recover()
    {
        lock (_lock)
        {
            foreach (var flight in _flights.Values)
            {
                _queue.Enqueue(flight.Message);
            }

            _flights.Clear();
            _clients.Clear();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            foreach (var (message, _) in _deferred.Where(deferred => deferred.Due <= now).ToArray())
            {
                _queue.Enqueue(message);
            }

            _deferred.RemoveAll(deferred => deferred.Due <= now);
            foreach (var flight in _flights.Values.Where(flight => flight.Until <= now).ToArray())
            {
                _flights.Remove(flight.Message.Id);
                flight.Client.InFlight--;
                _queue.Enqueue(flight.Message);
            }

            Pump();
        }
    }

    private void Enqueue(FakeMessage message, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            _deferred.Add((message, Environment.TickCount64 + (long)delay.TotalMilliseconds));
        }
        else
        {
            _queue.Enqueue(message);
        }
    }

    private FakeMessage? End(FakeNsqdClient client, string id)
    {
        if (!_flights.TryGetValue(id, out var flight) || flight.Client != client)
        {
            return null;
        }

        _flights.Remove(id);
        client.InFlight--;
        return flight.Message;
    }

    private void Pump()
    {
        while (_queue.Count > 0 && NextReady() is { } client)
        {
            var message = _queue.Dequeue();
            message.Attempts++;
            client.InFlight++;
            _flights[message.Id] = new Flight(message, client) { Until = Environment.TickCount64 + client.Lease };
            client.Send(message);
        }
    }

    private FakeNsqdClient? NextReady()
    {
        for (var index = 0; index < _clients.Count; index++)
        {
            var client = _clients[(_turn + index) % _clients.Count];
            if (client.InFlight < client.Ready)
            {
                _turn = (_turn + index + 1) % _clients.Count;
                return client;
            }
        }

        return null;
    }

    private sealed class Flight(FakeMessage message, FakeNsqdClient client)
    {
        public FakeMessage Message => message;

        public FakeNsqdClient Client => client;

        public long Until { get; set; }
    }
}
