using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Keeps a connection to one nsqd over which one channel's messages come. Thread: any.</summary>
internal sealed class NsqLink : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly string _address;
    private readonly string _topic;
    private readonly string _channel;
    private readonly NsqBrokerOptions _options;
    private readonly TimeSpan _lease;
    private readonly Action<NsqConnection, NsqMessage> _onMessage;
    private readonly Action<BrokerException> _onRefusal;
    private readonly Task _running;
    private NsqConnection? _connection;
    private int _ready;

    /// <summary>Begins to connect.</summary>
    public NsqLink(
        string address, string topic, string channel, NsqBrokerOptions options, TimeSpan lease,
        Action<NsqConnection, NsqMessage> onMessage, Action<BrokerException> onRefusal)
    {
        _address = address;
        _topic = topic;
        _channel = channel;
        _options = options;
        _lease = lease;
        _onMessage = onMessage;
        _onRefusal = onRefusal;
        _running = RunAsync();
    }

    /// <summary>Has so many more messages come, beside those that are unanswered.</summary>
    public void Ask(int wanted)
    {
        lock (_lock)
        {
            // nsqd's measure is how many may be unanswered in all. What it was told before holds on: so it is rarely told.
            var count = wanted + (_connection?.Unanswered ?? 0);
            if (count > _ready)
            {
                _ready = count;
                SayReady();
            }
        }
    }

    /// <summary>Has no more messages come until they are asked for again.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            if (_ready > 0)
            {
                _ready = 0;
                SayReady();
            }
        }
    }

    /// <summary>Has nsqd send no more and ends the connection, after all that was said over it is heard.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        NsqConnection? connection;
        lock (_lock)
        {
            connection = _connection;
        }

        if (connection is { IsEnded: false })
        {
            try
            {
                await connection.CloseAsync();
            }
            catch (BrokerException)
            {
                // It is gone: what was unanswered comes again.
            }

            await connection.DisposeAsync();
        }

#pragma warning disable VSTHRD003 // Justification: it is this object's own, begun by its constructor.
        await _running;
#pragma warning restore VSTHRD003
        _ended.Dispose();
    }

    private void SayReady()
    {
        if (_connection is { } connection)
        {
            var count = Math.Min(_ready, connection.Identity.MaxReady);
            _ = connection.SayAsync(NsqCommands.Ready(count)).ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await using var connection = await NsqConnection.OpenAsync(_address, _options, _lease, _onMessage, _ended.Token);
                await connection.AskAsync(NsqCommands.Subscribe(_topic, _channel), _ended.Token);
                pause = FirstPause;
                lock (_lock)
                {
                    // Invariant: whoever ends this link either finds the connection or is found here.
                    if (_ended.IsCancellationRequested)
                    {
                        return;
                    }

                    _connection = connection;
                    if (_ready > 0)
                    {
                        SayReady();
                    }
                }

                await connection.Ended;
                lock (_lock)
                {
                    _connection = null;
                }
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (BrokerException error)
            {
                if (!error.IsTransient)
                {
                    _onRefusal(error);
                }
            }

            await Task.Delay(pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
