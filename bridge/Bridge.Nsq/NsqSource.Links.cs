using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <content>Connections: to whom, and how much each may send.</content>
internal sealed partial class NsqSource
{
    /// <summary>Has so many messages come, about. Under the lock.</summary>
    private void Ask(int wanted)
    {
        _wanted = wanted;
        _resting.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var hosts = Math.Max(1, _links.Keys.Count(key => key.Topic == _names.Topic));
        var share = (wanted + hosts - 1) / hosts;
        foreach (var ((_, topic), link) in _links)
        {
            link.Ask(topic == _names.Topic ? share : Math.Min(share, MaxReplayed));
        }
    }

    private void RestIfUnasked()
    {
        lock (_lock)
        {
            if (_wanted == 0)
            {
                Rest();
            }
        }
    }

    /// <summary>Has no more messages come. Under the lock.</summary>
    private void Rest()
    {
        _wanted = 0;
        foreach (var link in _links.Values)
        {
            link.Rest();
        }
    }

    /// <summary>Has no more messages come, and gives back those that nobody has taken. Under the lock.</summary>
    private void GiveBack()
    {
        Rest();
        while (_arrivals.TryDequeue(out var arrival))
        {
            arrival.Connection.Unanswered--;
            Say(arrival.Connection, NsqCommands.Requeue(arrival.Message.Id, TimeSpan.Zero));
        }
    }

    /// <summary>Connects to those that are named, and to those that nsqlookupd knows, now and later.</summary>
    private async Task DiscoverAsync()
    {
        foreach (var host in _fleet.Options.Hosts)
        {
            Link(host, _names.Topic);
            Link(host, _names.Replay);
        }

        if (!_fleet.Lookup.IsThere)
        {
            return;
        }

        await Task.Yield();
        using var timer = new PeriodicTimer(_fleet.Options.LookupInterval);
        try
        {
            do
            {
                await LookUpAsync(_names.Topic);
                await LookUpAsync(_names.Replay);
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task LookUpAsync(string topic)
    {
        try
        {
            foreach (var address in await _fleet.Lookup.NodesOfAsync(topic, _ended.Token))
            {
                Link(address, topic);
            }
        }
        catch (BrokerException error)
        {
            // Those that are known go on; where none is, somebody has to hear of it.
            lock (_lock)
            {
                if (_links.Count == 0)
                {
                    Refuse(error);
                }
            }
        }
    }

    private void Link(string address, string topic)
    {
        lock (_lock)
        {
            if (_isEnded || _links.ContainsKey((address, topic)))
            {
                return;
            }

            _links[(address, topic)] = new NsqLink(address, topic, _names.Channel, _fleet.Options, _lease, Receive, Refuse);
            if (_wanted > 0)
            {
                Ask(_wanted);
            }
        }
    }

    /// <summary>Keeps the leases of messages that nobody has taken yet.</summary>
    private async Task TouchAsync()
    {
        using var timer = new PeriodicTimer(_lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                lock (_lock)
                {
                    foreach (var arrival in _arrivals.Where(arrival => arrival.Touch()))
                    {
                        Say(arrival.Connection, NsqCommands.Touch(arrival.Message.Id));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }
}
