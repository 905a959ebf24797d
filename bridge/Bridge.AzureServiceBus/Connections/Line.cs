using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>One connection to the service, with the links that all share. Once it breaks it is of no use any more. Thread: any.</summary>
internal sealed class Line : IAsyncDisposable
{
    // More than a process subscribes to, and keys of one subscription that are handled at a time.
    private const ushort MaxSessions = 2048;
    private const int MaxLinks = 4096;
    private const int FrameSize = 64 * 1024;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private readonly ServiceBusBrokerOptions _options;
    private readonly ServiceBusNamespace _namespace;
    private readonly TimeProvider _time;
    private readonly Connection _connection;
    private readonly Session _session;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, (SenderLink Link, ulong MaxSize)> _senders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RequestLink> _requests = new(StringComparer.Ordinal);
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

    /// <summary>Connects.</summary>
    /// <exception cref="BrokerException">The service can't be reached, or doesn't let this process in.</exception>
    internal static async Task<Line> OpenAsync(ServiceBusBrokerOptions options, ServiceBusNamespace place, TimeProvider time, CancellationToken cancellation)
    {
        var what = $"Azure Service Bus at {place}";
        var factory = new ConnectionFactory();
        factory.AMQP.ContainerId = $"encore-{Guid.NewGuid():N}";
        factory.AMQP.HostName = place.Host;
        factory.AMQP.MaxSessionsPerConnection = MaxSessions;
        factory.AMQP.MaxLinksPerSession = MaxLinks;
        factory.AMQP.MaxFrameSize = FrameSize;
        factory.AMQP.IdleTimeout = (int)Idle.TotalMilliseconds;
        factory.TCP.NoDelay = true;
        var isPassword = options.SignIn == ServiceBusSignIn.Password;
        if (!isPassword)
        {
            factory.SASL.Profile = SaslProfile.Anonymous;
        }

        if (options.Authority is { } authority)
        {
            factory.SSL.RemoteCertificateValidationCallback = (_, presented, _, problems) => RestsOn(authority, presented, problems);
        }

        var address = new Address(
            place.Host, place.Port, isPassword ? place.KeyName : null, isPassword ? place.Key : null, "/", place.IsEmulator ? "amqp" : "amqps");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.ConnectTimeout);
        try
        {
            var connection = await factory.CreateAsync(address, timeout.Token).WaitAsync(timeout.Token);
            var line = new Line(options, place, time, connection);
            if (!isPassword)
            {
                _ = line.RenewTokensAsync();
            }

            return line;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokerException($"{what} doesn't answer within {options.ConnectTimeout.TotalSeconds} s.", "See that the namespace exists and that its ports 5671 and 443 can be reached.", inner: error);
        }
        catch (AmqpException error) when (isPassword && error.Error?.Condition == "amqp:unauthorized-access")
        {
            throw Failures.NotLetIn($"{what} doesn't take the policy's name and key", error);
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            throw Failures.Translate(what, error);
        }
    }

    /// <summary>What sends to a topic, with the greatest size it takes; 0 for any.</summary>
    internal async Task<(SenderLink Link, ulong MaxSize)> SenderAsync(string address, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_senders.TryGetValue(address, out var sender) || sender.Link.IsClosed)
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
        await _gate.WaitAsync(cancellation);
        try
        {
            var node = $"{entity}/$management";
            if (!_requests.TryGetValue(node, out var link) || !link.IsOpen)
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

    private static bool RestsOn(string authority, X509Certificate? presented, SslPolicyErrors problems)
    {
        if (presented is null || (problems & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authority);
        using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        return chain.Build(certificate);
    }

    /// <summary>Shows a token for an address, unless one is known there. Invariant: under the gate, or by the one renewal.</summary>
    private async Task AuthorizeAsync(string entity, CancellationToken cancellation)
    {
        if (_options.SignIn == ServiceBusSignIn.Password || (_tokens.TryGetValue(entity, out var ends) && ends > _time.GetUtcNow()))
        {
            return;
        }

        await PutTokenAsync(entity, cancellation);
    }

    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide: claims-based security
    private async Task PutTokenAsync(string entity, CancellationToken cancellation)
    {
        if (!_requests.TryGetValue("$cbs", out var link) || !link.IsOpen)
        {
            _requests["$cbs"] = link = await RequestLink.OpenAsync(_session, "$cbs", _options.AnswerTimeout, cancellation);
        }

        var ends = _time.GetUtcNow() + _options.TokenLifetime;
        var request = new Message(_namespace.Sign(ends))
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["type"] = "servicebus.windows.net:sastoken",
                ["name"] = $"amqp://{_namespace.Host}/{entity}",
                ["expiration"] = ends.UtcDateTime,
            },
        };
        try
        {
            await link.RequestAsync("put-token", request, cancellation);
        }
        catch (BrokerException error) when (Failures.IsDenied(error))
        {
            throw Failures.NotLetIn($"Azure Service Bus at {_namespace} doesn't take the token for {entity}", error);
        }

        _tokens[entity] = ends;
    }

    private async Task RenewTokensAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.TokenLifetime * 2 / 3, _time, _end.Token);
                foreach (var entity in _tokens.Keys)
                {
                    await RenewTokenAsync(entity);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The line has ended.
        }
    }

    private async Task RenewTokenAsync(string entity)
    {
        await _gate.WaitAsync(_end.Token);
        try
        {
            await PutTokenAsync(entity, _end.Token);
        }
        catch (BrokerException)
        {
            // The service ends the entity's links, and says why when they are attached anew.
            _tokens.TryRemove(entity, out _);
        }
        finally
        {
            _gate.Release();
        }
    }
}
