using Amqp;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>Receives an ordered topic's messages: by sessions, each of which one process has at a time, one message after the other.</summary>
/// <remarks>A session is given back when it has nothing more, or when it has had its turn, so that others come to theirs.</remarks>
internal sealed partial class SessionSource : IMessageSource
{
    // Requests for a session that wait at the service at a time.
    private const int MaxAccepts = 8;

    // Messages of a session in a row.
    private const int MaxTurns = 100;

    private static readonly TimeSpan FirstMessage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NextMessage = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly ServiceBusConnection _connection;
    private readonly SourceSettings _settings;
    private readonly Action<IMessageSource> _ended;
    private readonly EntityManagement _management;
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<SessionDelivery> _ready = new();
    private readonly HashSet<HeldSession> _sessions = [];
    private TaskCompletionSource? _changed;
    private BrokerException? _refusal;
    private int _accepting;
    private int _wanted;
    private int _pauses;
    private bool _isPaused;
    private Task? _disposal;

    /// <summary>A source that accepts sessions when somebody receives.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">Whose messages.</param>
    /// <param name="ended">Is told when it has ended.</param>
    internal SessionSource(ServiceBusConnection connection, SourceSettings settings, Action<IMessageSource> ended)
    {
        (_connection, _settings, _ended) = (connection, settings, ended);
        _management = new EntityManagement(connection, settings.Path);
    }

    /// <summary>Guards the source and its sessions.</summary>
    internal Lock Sync { get; } = new();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            Task changed;
            lock (Sync)
            {
                ObjectDisposedException.ThrowIf(_disposal is not null, this);
                _isPaused = false;
                var taken = Take(max);
                _wanted = max - taken.Count;
                AcceptMore();
                if (taken.Count > 0)
                {
                    return taken;
                }

                if (_refusal is { } refusal)
                {
                    _refusal = null;
                    throw refusal;
                }

                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await changed.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                StopWanting();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (Sync)
        {
            return new ValueTask(_disposal ??= Task.Run(EndAsync));
        }
    }

    /// <summary>A session's message has ended.</summary>
    internal void Advance(HeldSession session)
    {
        bool isOver;
        lock (Sync)
        {
            session.Current = null;
            isOver = _isPaused || _disposal is not null || session.State == SessionState.Closed || ++session.Turns >= MaxTurns;
            if (!isOver)
            {
                session.State = SessionState.Waiting;
            }
        }

        if (isOver)
        {
            Close(session);
            return;
        }

        Ask(session, NextMessage);
    }

    /// <summary>Gives a session back; what it was about to bring stays at the service.</summary>
    internal void Close(HeldSession session) => _ = CloseAsync(session);

    // Thread: under the lock.
    private List<Delivery> Take(int max)
    {
        var taken = new List<Delivery>();
        while (taken.Count < max && _ready.TryDequeue(out var delivery))
        {
            if (delivery.HeldBy.State == SessionState.Ready)
            {
                delivery.HeldBy.State = SessionState.Busy;
                taken.Add(delivery);
            }
        }

        return taken;
    }

    // Thread: under the lock.
    private void AcceptMore()
    {
        while (_disposal is null && !_isPaused && _accepting < MaxAccepts && _accepting + Expected() < _wanted)
        {
            _accepting++;
            _ = Task.Run(AcceptAsync);
        }
    }

    // Thread: under the lock.
    private int Expected() => _ready.Count + _sessions.Count(session => session.State == SessionState.Opening);

    private void Ask(HeldSession session, TimeSpan patience)
    {
        var turn = session.Turns;
        try
        {
            session.Link.SetCredit(1, CreditMode.Manual);
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            // It has just closed, and is forgotten.
            return;
        }

        _ = CloseWhenIdleAsync(session, turn, patience);
    }

    private async Task CloseWhenIdleAsync(HeldSession session, int turn, TimeSpan patience)
    {
        await Task.Delay(patience, _connection.Time, CancellationToken.None);
        lock (Sync)
        {
            if (session.Turns != turn || session.State is not (SessionState.Opening or SessionState.Waiting))
            {
                return;
            }

            session.State = SessionState.Closed;
        }

        await CloseAsync(session);
    }

    private void OnMessage(HeldSession session, Message message)
    {
        var fields = MessageFields.Read(message);
        var isForAnother = fields.OnlyFor is { } only && !string.Equals(only, _settings.Subscription, StringComparison.Ordinal);
        var delivery = new SessionDelivery(session)
        {
            Message = message,
            Fields = fields,
            Link = session.Link,
            MessageId = fields.MessageId,
            Attempt = ServiceBusDelivery.AttemptOf(message, fields),
            PublishedAt = fields.PublishedAt,
            Body = MessageFields.BodyOf(message),
            Attributes = fields.Attributes,
        };
        lock (Sync)
        {
            // What comes by a session that is given back stays there.
            if (session.State == SessionState.Closed)
            {
                return;
            }

            if (!isForAnother)
            {
                session.State = SessionState.Ready;
                session.Current = delivery;
                _ready.Enqueue(delivery);
                Signal();
                return;
            }
        }

        session.Link.Accept(message);
        Advance(session);
    }

    // Thread: under the lock.
    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
