using System.Text;
using System.Text.Json;
using Bridge.Core.PubSub;
using Bridge.Nats.Connections;
using Bridge.Nats.JetStream;
using Bridge.Nats.Protocol;

namespace Bridge.Nats;

/// <summary>Publishes to a topic's stream: many messages on their way, each confirmed by the server.</summary>
/// <param name="connection">Where the server is.</param>
/// <param name="options">How long to wait for it.</param>
/// <param name="topic">The topic.</param>
#pragma warning disable CA1001 // Justification: a semaphore that is only awaited holds nothing that has to be given back.
internal sealed class NatsPublisher(Connection connection, NatsBrokerOptions options, BrokerTopic topic) : ITopicPublisher
#pragma warning restore CA1001
{
    /// <summary>What a message leaves free of the server's limit, so that it can become a dead letter with its reason.</summary>
    internal const int RoomForReason = 32 << 10;

    private const int NoResponders = 503;

    // More unconfirmed messages make the server no faster.
    private const int Window = 4096;

    private readonly string _stream = NatsNames.Stream(options, topic);
    private readonly SemaphoreSlim _window = new(Window, Window);
    private readonly byte[] _subject = Encoding.UTF8.GetBytes(NatsNames.Subject(NatsNames.Stream(options, topic)));
    private readonly byte[][] _lanes =
        [.. Enumerable.Range(0, NatsNames.Lanes).Select(lane => Encoding.UTF8.GetBytes(NatsNames.Subject(NatsNames.Stream(options, topic), lane)))];

    /// <inheritdoc/>
    public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        Session session;
        try
        {
            session = await connection.WhenOpenAsync(options.ReconnectPatience, cancellation);
        }
        catch (BrokerException error)
        {
            return [.. messages.Select(_ => PublishResult.Failed(error))];
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = new Task<PublishResult>[messages.Count];
        for (var index = 0; index < results.Length; index++)
        {
            await session.WhenRoomAsync(cancellation);
            await _window.WaitAsync(cancellation);

            // All on one connection: what follows a message that was lost with it is lost as well, so that none overtakes another.
            results[index] = PublishAsync(session, messages[index], timeout.Token);
        }

        timeout.CancelAfter(options.RequestTimeout);
        var all = await Task.WhenAll(results);
        cancellation.ThrowIfCancellationRequested();
        return all;
    }

    private async Task<PublishResult> PublishAsync(Session session, OutgoingMessage message, CancellationToken cancellation)
    {
        try
        {
            var headers = MessageHeaders.Write(
                message.Attributes,
                (MessageHeaders.MessageId, message.DeduplicationId is { } id ? NatsNames.Safe(id) : null),
                (MessageHeaders.DeliverAt, message.DeliverAt is { } time ? MessageHeaders.Time(time) : null));
            var size = headers.Length + message.Body.Length;
            if (size > session.Info.MaxPayload - RoomForReason)
            {
                return PublishResult.Failed(TooLong(size, session));
            }

            var subject = SubjectOf(message);
            var answer = await session.SendRequestAsync(subject, headers, message.Body, cancellation);
            return Judge(answer, session, subject);
        }
        catch (BrokerException error)
        {
            return PublishResult.Failed(error);
        }
        catch (OperationCanceledException error)
        {
            return PublishResult.Failed(new BrokerException(
                $"NATS at {session.Address} doesn't confirm within {options.RequestTimeout.TotalSeconds} s that it has a message of the topic {topic.Name}.",
                "It may have it all the same. See the server's log.",
                inner: error));
        }
        finally
        {
            _window.Release();
        }
    }

    private PublishResult Judge(in NatsMessage answer, Session session, byte[] subject)
    {
        if (answer.Status == NoResponders)
        {
            return PublishResult.Failed(JetStreamApi.NobodyAnswers(session, subject));
        }

        try
        {
            var confirmation = JsonSerializer.Deserialize(answer.Payload.Span, ApiJson.Default.PublishAnswer) ?? throw new JsonException("null");
            return confirmation.Error is { } error
                ? PublishResult.Failed(new BrokerException(
                    $"NATS at {session.Address} doesn't take a message of the topic {topic.Name}: \"{error.Description}\" ({error.ErrCode}).",
                    $"See the limits of the stream {_stream}.",
                    isTransient: error.Code >= 500))
                : PublishResult.Taken(NatsDelivery.IdOf(confirmation.Seq));
        }
        catch (JsonException error)
        {
            return PublishResult.Failed(new BrokerException($"NATS at {session.Address} answers to {Encoding.UTF8.GetString(subject)} with what isn't JetStream's JSON.", isTransient: false, inner: error));
        }
    }

    private byte[] SubjectOf(OutgoingMessage message) =>
        topic.IsOrdered && message.OrderingKey is { } key ? _lanes[NatsNames.LaneOf(key)] : _subject;

    private BrokerException TooLong(int size, Session session) =>
        new(
            $"A message of the topic {topic.Name} has {size} bytes with its attributes; NATS at {session.Address} takes {session.Info.MaxPayload - RoomForReason}.",
            "Publish a reference to the data, or raise max_payload in the server's configuration.",
            isTransient: false);
}
