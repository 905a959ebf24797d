using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Bridge.Nats.Connections;
using Bridge.Nats.JetStream;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Receiving;

/// <summary>
/// Asks one consumer for messages: one request at a time, and none before the former one has brought all its messages or has ended. Thread: any.
/// </summary>
internal sealed class Puller : IAsyncDisposable
{
    private const int Heartbeat = 100;
    private const int Conflict = 409;
    private const int NoResponders = 503;

    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often to look for requests that were lost.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    // Two heartbeats and a little.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(11);

    private readonly Connection _connection;
    private readonly IPullObserver _observer;
    private readonly string _inbox = $"_INBOX.{Guid.NewGuid():N}.";
    private readonly byte[] _subject;
    private readonly Subscription _subscription;
    private readonly Lock _lock = new();
    private int _outstanding;
    private long _request;
    private long _heardAt;
    private bool _isPaused;

    /// <summary>Asks for nothing yet.</summary>
    /// <param name="connection">Where the server is.</param>
    /// <param name="stream">The stream's name.</param>
    /// <param name="consumer">The consumer's name.</param>
    /// <param name="observer">Gets what comes.</param>
    internal Puller(Connection connection, string stream, string consumer, IPullObserver observer)
    {
        _connection = connection;
        _observer = observer;
        Consumer = consumer;
        _subject = Encoding.UTF8.GetBytes($"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}");
        _subscription = connection.Subscribe($"{_inbox}*", Receive, Forget);
    }

    /// <summary>The consumer's name.</summary>
    internal string Consumer { get; }

    /// <summary>Asks for messages, unless some are still to come or there is no connection.</summary>
    internal void Ask(int count)
    {
        lock (_lock)
        {
            if (_outstanding > 0 || _isPaused || _connection.TryGet() is not { } session)
            {
                return;
            }

            _outstanding = count;
            _heardAt = Environment.TickCount64;
            var request = new PullRequest
            {
                Batch = count,
                Expires = Expiry.Ticks * TimeSpan.NanosecondsPerTick,
                IdleHeartbeat = HeartbeatInterval.Ticks * TimeSpan.NanosecondsPerTick,
            };
            session.Publish(_subject, Encoding.ASCII.GetBytes($"{_inbox}{++_request}"), JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.PullRequest));
        }
    }

    /// <summary>Takes a request that nothing was heard of for lost; nothing is asked until <see cref="Resume"/>.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool PauseIfSilent()
    {
        lock (_lock)
        {
            if (_outstanding == 0 || Environment.TickCount64 - _heardAt < Silence.TotalMilliseconds)
            {
                return false;
            }

            _outstanding = 0;
            _isPaused = true;
            return true;
        }
    }

    /// <summary>Asks again from now on, after <see cref="IPullObserver.Troubled"/>.</summary>
    internal void Resume()
    {
        lock (_lock)
        {
            _isPaused = false;
        }
    }

    /// <summary>Asks for nothing any more. Messages that were on their way have come when the task ends.</summary>
    public async ValueTask DisposeAsync() => await _connection.UnsubscribeAsync(_subscription);

    private void Forget()
    {
        lock (_lock)
        {
            _outstanding = 0;
        }

        _observer.Renewed();
    }

    private void Receive(NatsMessage message)
    {
        var status = message.Status;
        if (status == 0)
        {
            lock (_lock)
            {
                _heardAt = Environment.TickCount64;
                _outstanding = Math.Max(_outstanding - 1, 0);
            }

            _observer.Arrived(message);
            return;
        }

        lock (_lock)
        {
            _heardAt = Environment.TickCount64;
            if (status == Heartbeat || !IsOfCurrentRequest(message.Subject))
            {
                return;
            }

            _outstanding = 0;
            _isPaused = status is Conflict or NoResponders;
        }

        if (status is Conflict or NoResponders)
        {
            _observer.Troubled(this);
        }
        else
        {
            _observer.Renewed();
        }
    }

    // The server names the request by the subject that the answer goes to.
    private bool IsOfCurrentRequest(ReadOnlySpan<byte> subject) =>
        subject.Length > _inbox.Length && Utf8Parser.TryParse(subject[_inbox.Length..], out long number, out _) && number == _request;
}

/// <summary>Gets what a consumer sends. It must not wait. Thread: that of the connection, mostly.</summary>
internal interface IPullObserver
{
    /// <summary>A message has come.</summary>
    void Arrived(NatsMessage message);

    /// <summary>Messages can be asked for again.</summary>
    void Renewed();

    /// <summary>The consumer refuses, or isn't there: it is asked nothing until <see cref="Puller.Resume"/>.</summary>
    void Troubled(Puller puller);
}
