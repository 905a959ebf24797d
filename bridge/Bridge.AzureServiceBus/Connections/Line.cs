using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>One connection to the service, with the links that all share. Once it breaks it is of no use any more. Thread: any.</summary>
internal sealed partial class Line : IAsyncDisposable
{
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private readonly ServiceBusBrokerOptions _options;
    private readonly ServiceBusNamespace _namespace;
    private readonly TimeProvider _time;
    private readonly Connection _connection;
    private readonly Session _session;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, (SenderLink Link, ulong MaxSize)> _senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RequestLink> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    private Line(ServiceBusBrokerOptions options, ServiceBusNamespace place, TimeProvider time, Connection connection)
    {
        (_options, _namespace, _time, _connection) = (options, place, time, connection);
        _session = new Session(connection);
        connection.AddClosedCallback((_, _) => _end.Cancel());
    }

    /// <summary>Whether it still stands.</summary>
    internal bool IsOpen => !_connection.IsClosed && !_session.IsClosed;

    /// <summary>What sends to a topic, with the greatest size it takes; 0 for any.</summary>
    internal async Task<(SenderLink Link, ulong MaxSize)> SenderAsync(string address, CancellationToken cancellation)
    {
        if (_senders.TryGetValue(address, out var sender) && !sender.Link.IsClosed)
        {
            return sender;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_senders.TryGetValue(address, out sender) || sender.Link.IsClosed)
            {
                await AuthorizeAsync(address, cancellation);
                var attach = new Attach { Source = new Source { Address = address }, Target = new Target { Address = address } };
                var (link, answer) = await Attaching.RunAsync(
                    $"publishing to {address}", attached => new SenderLink(_session, NewName(address), attach, attached), _options.AnswerTimeout, cancellation);
                _senders[address] = sender = (link, answer.MaxMessageSize);
            }

            return sender;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What answers requests about an entity.</summary>
    internal async Task<RequestLink> ManagementAsync(string entity, CancellationToken cancellation)
    {
        var node = $"{entity}/$management";
        if (_requests.TryGetValue(node, out var link) && link.IsOpen)
        {
            return link;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_requests.TryGetValue(node, out link) || !link.IsOpen)
            {
                await AuthorizeAsync(node, cancellation);
                _requests[node] = link = await RequestLink.OpenAsync(_session, node, _options.AnswerTimeout, cancellation);
            }

            return link;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What receives from an entity, on a session of its own.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="filter">What of it; null for all.</param>
    /// <param name="timeout">How long the service may take; null for what is usual.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<(ReceiverLink Link, Attach Answer)> ReceiverAsync(
        string entity, Map? filter, TimeSpan? timeout, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await AuthorizeAsync(entity, cancellation);
        }
        finally
        {
            _gate.Release();
        }

        var attach = new Attach
        {
            Source = new Source { Address = entity, FilterSet = filter },
            Target = new Target { Address = entity },
            SndSettleMode = SenderSettleMode.Unsettled,
            RcvSettleMode = ReceiverSettleMode.First,
        };
        if (timeout is { } patience)
        {
            attach.Properties = new Fields { [new Symbol("com.microsoft:timeout")] = (uint)patience.TotalMilliseconds };
        }

        Session session;
        try
        {
            session = new Session(_connection);
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            throw Failures.Translate($"receiving from {entity}", error);
        }

        try
        {
            var made = await Attaching.RunAsync(
                $"receiving from {entity}",
                attached => new ReceiverLink(session, NewName(entity), attach, attached),
                (timeout ?? TimeSpan.Zero) + _options.AnswerTimeout,
                cancellation);
            made.Link.AddClosedCallback((_, _) => _ = Attaching.CloseAsync(session, Closing));
            return made;
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // With it ends what still waits for the service's answer.
            _ = Attaching.CloseAsync(session, Closing);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Attaching.CloseAsync(_connection, Closing);
    }

    private static string NewName(string address) => $"{address}-{Guid.NewGuid():N}";
}
