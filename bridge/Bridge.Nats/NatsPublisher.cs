using System.Buffers;
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
internal sealed class NatsPublisher(Connection connection, NatsBrokerOptions options, BrokerTopic topic) : ITopicPublisher
{
    /// <summary>What a message leaves free of the server's limit, so that it can become a dead letter with its reason.</summary>
    internal const int RoomForReason = 32 << 10;

    private const int NoResponders = 503;

    // More unconfirmed messages of one call make the server no faster.
    private const int Window = 1024;

    private readonly string _stream = NatsNames.Stream(options, topic);
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

        var results = new PublishResult[messages.Count];
        for (var start = 0; start < results.Length; start += Window)
        {
            await PublishAsync(session, messages, start, results.AsMemory(start, Math.Min(Window, results.Length - start)), cancellation);
        }

        return results;
    }

    /// <summary>All on one connection: what follows a message that was lost with it is lost as well, so that none overtakes another.</summary>
    private async Task PublishAsync(Session session, IReadOnlyList<OutgoingMessage> messages, int start, Memory<PublishResult> results, CancellationToken cancellation)
    {
        var group = new RequestGroup(results.Length);
        var headers = new ArrayBufferWriter<byte>();
        for (var index = 0; index < results.Length; index++)
        {
            await session.WhenRoomAsync(cancellation);
            Send(session, group, index, messages[start + index], headers);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.RequestTimeout);
        await session.WhenAnsweredAsync(group, timeout.Token);
        cancellation.ThrowIfCancellationRequested();
        for (var index = 0; index < results.Length; index++)
        {
            results.Span[index] = group.Error(index) switch
            {
                null => Judge(group.Answer(index), session, SubjectOf(messages[start + index])),
                OperationCanceledException error => PublishResult.Failed(Unconfirmed(session, error)),
                var error => PublishResult.Failed(error),
            };
        }
    }

    private void Send(Session session, RequestGroup group, int index, OutgoingMessage message, ArrayBufferWriter<byte> headers)
    {
        headers.ResetWrittenCount();
        MessageHeaders.Write(
            headers,
            message.Attributes,
            (MessageHeaders.MessageId, message.DeduplicationId is { } id ? NatsNames.Safe(id) : null),
            (MessageHeaders.DeliverAt, message.DeliverAt is { } time ? MessageHeaders.Time(time) : null));
        var size = headers.WrittenCount + message.Body.Length;
        if (size > session.Info.MaxPayload - RoomForReason)
        {
            group.Fail(index, TooLong(size, session));
            return;
        }

        session.SendRequest(group, index, SubjectOf(message), headers.WrittenMemory, message.Body);
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

    private BrokerException Unconfirmed(Session session, Exception error) =>
        new(
            $"NATS at {session.Address} doesn't confirm within {options.RequestTimeout.TotalSeconds} s that it has a message of the topic {topic.Name}.",
            "It may have it all the same. See the server's log.",
            inner: error);

    private BrokerException TooLong(int size, Session session) =>
        new(
            $"A message of the topic {topic.Name} has {size} bytes with its attributes; NATS at {session.Address} takes {session.Info.MaxPayload - RoomForReason}.",
            "Publish a reference to the data, or raise max_payload in the server's configuration.",
            isTransient: false);
}
