using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Types;
using Bridge.AzureServiceBus;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>
/// A namespace in this process: topics with filters, subscriptions with locks, delivery counts, sessions and dead letters, tokens, the management node,
/// duplicate detection and scheduled messages, over AMQP; topics and subscriptions are made over HTTP.
/// </summary>
internal sealed partial class FakeServiceBus : ILinkProcessor, IAsyncDisposable
{
    internal const int MaxMessage = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FakeTopic> _topics = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ListenerLink> _replies = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<Connection, Dictionary<string, (FakePolicy Policy, DateTimeOffset Ends)>> _tokens = [];
    private readonly List<(ListenerLink Link, string Address)> _links = [];
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _working;
    private readonly HttpListener _http;
    private readonly Task _serving;
    private ContainerHost? _host;
    private long _numbers;

    private FakeServiceBus(X509Certificate2? certificate)
    {
        _certificate = certificate;
        _http = new HttpListener { Prefixes = { $"http://127.0.0.1:{ManagementPort}/" } };
        _http.Start();
        _serving = ServeAsync();
        _working = WorkAsync();
        Start();
    }

    internal int Port { get; } = FreePort();

    internal int ManagementPort { get; } = FreePort();

    internal List<FakePolicy> Policies { get; } = [new("root", "a2V5+/=="), new("worker", "d29ya2Vy", CanManage: false)];

    internal string Host => "localhost";

    internal int TokensTaken { get; private set; }

    internal static FakeServiceBus Run(X509Certificate2? certificate = null) => new(certificate);

    internal string ConnectionString(FakePolicy policy) => string.Create(
        CultureInfo.InvariantCulture,
        $"Endpoint=sb://{Host}:{Port}/;SharedAccessKeyName={policy.Name};SharedAccessKey={policy.Key}{(_certificate is null ? ";UseDevelopmentEmulator=true" : "")}");

    internal ServiceBusBrokerOptions OptionsOf(FakePolicy policy) => new()
    {
        ConnectionString = ConnectionString(policy),
        ManagementEndpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ManagementPort}/")),
        ShortestLock = TimeSpan.FromMilliseconds(500),
        ReconnectPatience = TimeSpan.FromSeconds(10),
    };

    /// <summary>Opens its port.</summary>
    internal void Start()
    {
        var scheme = _certificate is null ? "amqp" : "amqps";
        _host = new ContainerHost(new Address("127.0.0.1", Port, null, null, "/", scheme));
        var listener = _host.Listeners[0];
        listener.HandlerFactory = _ => new TagHandler();
        listener.SASL.EnableAnonymousMechanism = true;
        listener.SASL.EnablePlainMechanism(Policies[0].Name, Policies[0].Key);
        listener.SSL.Certificate = _certificate;
        _host.RegisterLinkProcessor(this);
        _host.Open();
    }

    /// <summary>Closes its port and all connections; its topics stay.</summary>
    internal void Stop()
    {
        _host?.Close();
        lock (_lock)
        {
            foreach (var queue in Queues())
            {
                queue.Accepts.Clear();
                foreach (var consumer in queue.Consumers.ToArray())
                {
                    queue.Drop(consumer);
                }
            }
        }
    }

    /// <summary>Makes a topic as an administrator would.</summary>
    internal void MakeTopic(string name, TimeSpan? duplicates = null)
    {
        lock (_lock)
        {
            _topics[name] = new FakeTopic(duplicates);
        }
    }

    /// <summary>Makes a subscription as an administrator would.</summary>
    internal void MakeSubscription(string topic, string name, TimeSpan? lockTime = null, bool hasSessions = false, uint maxDeliveries = 10, string? filter = null)
    {
        lock (_lock)
        {
            var time = lockTime ?? TimeSpan.FromMinutes(1);
            _topics[topic].Subscriptions[name] = new FakeQueue(time, hasSessions, maxDeliveries, filter)
            {
                Dead = new FakeQueue(time, hasSessions: false, uint.MaxValue, filter: null),
            };
        }
    }

    /// <summary>What a subscription holds, scheduled messages not among them.</summary>
    internal IReadOnlyList<Message> MessagesOf(string topic, string subscription)
    {
        lock (_lock)
        {
            return [.. _topics[topic].Subscriptions[subscription].Messages.Select(message => message.ToAmqp())];
        }
    }

    /// <summary>What waits at a topic until it is due.</summary>
    internal IReadOnlyList<(DateTimeOffset Due, Message Message)> ScheduledOf(string topic)
    {
        lock (_lock)
        {
            return [.. _topics[topic].Scheduled.Select(one => (one.Due, Decode(one.Bytes)))];
        }
    }

    /// <summary>Ends all locks, as if their time were over.</summary>
    internal void EndLocks()
    {
        lock (_lock)
        {
            foreach (var message in Queues().SelectMany(queue => queue.Messages))
            {
                message.LockedUntil = DateTimeOffset.MinValue;
            }
        }
    }

    /// <summary>Ends all sessions, as if the time of their locks were over.</summary>
    internal void EndSessions()
    {
        lock (_lock)
        {
            foreach (var consumer in Queues().SelectMany(queue => queue.Consumers))
            {
                consumer.SessionUntil = DateTimeOffset.MinValue;
            }
        }
    }

    /// <summary>Has all messages delivered so often already.</summary>
    internal void CountDeliveries(uint deliveries)
    {
        lock (_lock)
        {
            foreach (var message in Queues().SelectMany(queue => queue.Messages))
            {
                message.Deliveries = deliveries;
            }
        }
    }

    /// <summary>Breaks all links with a condition, and keeps the connections.</summary>
    internal void BreakLinks(string condition)
    {
        (ListenerLink Link, string Address)[] links;
        lock (_lock)
        {
            links = [.. _links];
        }

        foreach (var (link, _) in links)
        {
            link.Close(TimeSpan.Zero, new Error(new Symbol(condition)) { Description = "by the test" });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Stop();
        _http.Close();
        await _working;
        await _serving;
        _end.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Message Decode(byte[] bytes) => Message.Decode(new ByteBuffer([.. bytes], 0, bytes.Length, bytes.Length));

    private IEnumerable<FakeQueue> Queues() => _topics.Values.SelectMany(topic => topic.Subscriptions.Values).SelectMany(queue => new[] { queue, queue.Dead! });

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _end.Token);
                Work();
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private void Work()
    {
        List<ListenerLink> over = [];
        lock (_lock)
        {
            var now = DateTimeOffset.UtcNow;
            foreach (var topic in _topics.Values)
            {
                foreach (var due in topic.Scheduled.Where(one => one.Due <= now).ToArray())
                {
                    topic.Scheduled.Remove(due);
                    Spread(topic, due.Bytes, now);
                }
            }

            foreach (var queue in Queues())
            {
                queue.Work(now, (context, session) => Grant(queue, context, session, now), consumer => over.Add(consumer.Link));
            }
        }

        foreach (var link in over)
        {
            link.Close(TimeSpan.Zero, new Error(new Symbol("com.microsoft:session-lock-lost")));
        }

        EndUntokened();
    }

    // Links whose token has ended are ended by the service.
    private void EndUntokened()
    {
        (ListenerLink Link, string Address)[] over;
        lock (_lock)
        {
            over = [.. _links.Where(one => PolicyFor(one.Link, one.Address) is null)];
        }

        foreach (var (link, _) in over)
        {
            link.Close(TimeSpan.Zero, new Error(new Symbol("amqp:unauthorized-access")) { Description = "The token has ended." });
        }
    }

    private void Spread(FakeTopic topic, byte[] bytes, DateTimeOffset now)
    {
        var message = Decode(bytes);
        var number = ++_numbers;
        foreach (var queue in topic.Subscriptions.Values.Where(queue => queue.Takes(message)))
        {
            var kept = new FakeMessage(number, bytes, now, message.Properties?.GroupId);
            if (queue.HasSessions && kept.Session is null)
            {
                queue.Dead!.Add(kept);
            }
            else
            {
                queue.Add(kept);
            }
        }
    }

    private FakePolicy? PolicyFor(ListenerLink link, string address)
    {
        var connection = (ListenerConnection)link.Session.Connection;
        if (connection.Principal?.Identity is { AuthenticationType: "PLAIN" } identity)
        {
            return Policies.Find(policy => policy.Name == identity.Name);
        }

        return _tokens.TryGetValue(connection, out var tokens) && tokens.TryGetValue(address, out var token) && token.Ends > DateTimeOffset.UtcNow ? token.Policy : null;
    }

    /// <summary>Names each delivery by its lock.</summary>
    private sealed class TagHandler : IHandler
    {
        public bool CanHandle(EventId id) => id == EventId.SendDelivery;

        public void Handle(Event protocolEvent)
        {
            if (protocolEvent.Context is IDelivery delivery && delivery.Message.DeliveryAnnotations?[new Symbol("x-opt-lock-token")] is Guid token)
            {
                delivery.Tag = token.ToByteArray();
            }
        }
    }

    private sealed class FakeTopic(TimeSpan? duplicates)
    {
        internal TimeSpan? Duplicates => duplicates;

        internal Dictionary<string, DateTimeOffset> Seen { get; } = new(StringComparer.Ordinal);

        internal List<(DateTimeOffset Due, byte[] Bytes)> Scheduled { get; } = [];

        internal Dictionary<string, FakeQueue> Subscriptions { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
