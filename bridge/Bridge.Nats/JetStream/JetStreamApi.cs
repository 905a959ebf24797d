using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bridge.Core.PubSub;
using Bridge.Nats.Connections;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.JetStream;

/// <summary>JetStream's API by request and answer. Whatever it is asked may be asked twice, so that a lost connection is waited for. Thread: any.</summary>
/// <param name="connection">Where it is.</param>
/// <param name="options">How long to wait for it.</param>
internal sealed class JetStreamApi(Connection connection, NatsBrokerOptions options)
{
    private const int NoResponders = 503;

    // The server's codes of errors.
    private const int StreamNotFound = 10059;
    private const int ConsumerNotFound = 10014;
    private const int MessageNotFound = 10037;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The version of the server that this is connected to; null where there is no connection, or it says none.</summary>
    internal Version? ServerVersion => Version.TryParse(connection.TryGet()?.Info.Version.Split('-')[0], out var version) ? version : null;

    /// <summary>A stream; null where there is none of the name.</summary>
    internal async Task<StreamAnswer?> StreamAsync(string name, CancellationToken cancellation)
    {
        var answer = await CallAsync($"$JS.API.STREAM.INFO.{name}", default, ApiJson.Default.StreamAnswer, cancellation);
        return answer.Error?.ErrCode == StreamNotFound ? null : Checked(answer, $"Stream {name}");
    }

    /// <summary>Makes a stream; nothing happens where it is there just so.</summary>
    internal async Task CreateAsync(StreamConfig stream, CancellationToken cancellation) =>
        Checked(await CallAsync($"$JS.API.STREAM.CREATE.{stream.Name}", Json(stream, ApiJson.Default.StreamConfig), ApiJson.Default.StreamAnswer, cancellation), $"Stream {stream.Name} can't be made");

    /// <summary>A consumer; null where there is none of the name.</summary>
    internal async Task<ConsumerAnswer?> ConsumerAsync(string stream, string name, CancellationToken cancellation)
    {
        var answer = await CallAsync($"$JS.API.CONSUMER.INFO.{stream}.{name}", default, ApiJson.Default.ConsumerAnswer, cancellation);
        return answer.Error?.ErrCode is ConsumerNotFound or StreamNotFound ? null : Checked(answer, $"Consumer {name} of stream {stream}");
    }

    /// <summary>Makes a consumer, or changes the one there is.</summary>
    internal async Task<ConsumerAnswer> PutAsync(string stream, ConsumerConfig consumer, CancellationToken cancellation)
    {
        var request = Json(new ConsumerRequest { StreamName = stream, Config = consumer }, ApiJson.Default.ConsumerRequest);
        var answer = await CallAsync($"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{consumer.DurableName}", request, ApiJson.Default.ConsumerAnswer, cancellation);
        return Checked(answer, $"Consumer {consumer.DurableName} of stream {stream} can't be made");
    }

    /// <summary>All consumers of a stream.</summary>
    internal async Task<IReadOnlyList<ConsumerAnswer>> ConsumersAsync(string stream, CancellationToken cancellation)
    {
        var all = new List<ConsumerAnswer>();
        while (true)
        {
            var request = Json(new PageRequest { Offset = all.Count }, ApiJson.Default.PageRequest);
            var page = Checked(await CallAsync($"$JS.API.CONSUMER.LIST.{stream}", request, ApiJson.Default.ConsumerPage, cancellation), $"Stream {stream}");
            all.AddRange(page.Consumers);
            if (page.Consumers.Count == 0 || all.Count >= page.Total)
            {
                return all;
            }
        }
    }

    /// <summary>A stored message: the one of a number, or with <paramref name="orNext"/> the first from there on.</summary>
    /// <returns>Null where there is none.</returns>
    internal async Task<StoredMessage?> MessageAsync(string stream, ulong number, bool orNext, CancellationToken cancellation)
    {
        var request = Json(new MessageRequest { Seq = number, NextBySubj = orNext ? ">" : null }, ApiJson.Default.MessageRequest);
        var answer = await CallAsync($"$JS.API.STREAM.MSG.GET.{stream}", request, ApiJson.Default.MessageAnswer, cancellation);
        return answer.Error?.ErrCode == MessageNotFound ? null : Checked(answer, $"Stream {stream}").Message;
    }

    /// <summary>Deletes a stored message.</summary>
    /// <returns>Whether it was there.</returns>
    internal async Task<bool> DeleteAsync(string stream, ulong number, CancellationToken cancellation)
    {
        // Versions differ in how they refuse to delete what isn't there.
        if (await MessageAsync(stream, number, orNext: false, cancellation) is null)
        {
            return false;
        }

        var request = Encoding.ASCII.GetBytes($$"""{"seq":{{number}},"no_erase":true}""");
        var answer = await CallAsync($"$JS.API.STREAM.MSG.DELETE.{stream}", request, ApiJson.Default.DeletionAnswer, cancellation);
        return Checked(answer, $"Stream {stream}").Success;
    }

    /// <summary>Deletes the stored messages before a number.</summary>
    /// <returns>How many.</returns>
    internal async Task<long> PurgeAsync(string stream, ulong before, CancellationToken cancellation)
    {
        var request = Json(new PurgeRequest { Seq = before }, ApiJson.Default.PurgeRequest);
        return Checked(await CallAsync($"$JS.API.STREAM.PURGE.{stream}", request, ApiJson.Default.DeletionAnswer, cancellation), $"Stream {stream}").Purged;
    }

    /// <summary>Publishes a message that carries an id, so that doing it twice is doing it once.</summary>
    internal async Task PublishOnceAsync(string subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        Checked(await CallAsync(subject, payload, ApiJson.Default.PublishAnswer, cancellation, headers), $"A message to {subject} isn't taken");

    /// <summary>Sends a request until it is answered.</summary>
    /// <exception cref="BrokerException">The server refuses, or nothing is heard of it in time.</exception>
    internal async Task<NatsMessage> RequestAsync(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        (await TryRequestAsync(subject, headers, payload, server: null, cancellation))!.Value;

    /// <summary>Tells a consumer what became of a message of its, as long as the server runs that it came from.</summary>
    /// <returns>Whether the server knows; where it was started anew, or is another, it isn't told.</returns>
    /// <remarks>
    /// A server that was killed may have forgotten its last deliveries. What it has is numbered anew then, and a word about a message that it hasn't
    /// sent yet makes it pass over those before.
    /// </remarks>
    /// <exception cref="BrokerException">Nothing is heard of it in time.</exception>
    internal async Task<bool> TryTellAsync(NatsMessage message, ReadOnlyMemory<byte> word, CancellationToken cancellation) =>
        await TryRequestAsync(message.Reply, default, word, message.Server, cancellation) is not null;

    /// <summary>Tells a consumer of many messages what became of them, with one write to the connection that there is; nothing is tried again.</summary>
    /// <returns>Of each whether the server knows.</returns>
    internal async Task<bool[]> TryTellOnceAsync(NatsMessage[] messages, ReadOnlyMemory<byte> word, CancellationToken cancellation)
    {
        var isTold = new bool[messages.Length];
        if (connection.TryGet() is not { } session)
        {
            return isTold;
        }

        var group = new RequestGroup(messages.Length);
        for (var index = 0; index < messages.Length; index++)
        {
            if (messages[index].Server == session.Info.Id)
            {
                session.SendRequest(group, index, messages[index].Reply, default, word);
            }
            else
            {
                group.Fail(index, new BrokerException("It came from another server."));
            }
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.RequestTimeout);
        await session.WhenAnsweredAsync(group, timeout.Token);
        for (var index = 0; index < messages.Length; index++)
        {
            isTold[index] = group.Error(index) is null && group.Answer(index).Status != NoResponders;
        }

        return isTold;
    }

    private async Task<NatsMessage?> TryRequestAsync(
        ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload, string? server, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.RequestTimeout);
        BrokerException? last = null;
        try
        {
            while (true)
            {
                try
                {
                    var session = await connection.WhenOpenAsync(options.RequestTimeout, timeout.Token);
                    if (server is not null && server != session.Info.Id)
                    {
                        return null;
                    }

                    if (headers.Length + payload.Length > session.Info.MaxPayload)
                    {
                        throw TooLong(session, subject, headers.Length + payload.Length);
                    }

                    var answer = await session.RequestAsync(subject, headers, payload, timeout.Token);
                    if (answer.Status != NoResponders)
                    {
                        return answer;
                    }

                    last = NobodyAnswers(session, subject);
                }
                catch (BrokerException error) when (error.IsTransient)
                {
                    last = error;
                }

                await Task.Delay(Pause, timeout.Token);
            }
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw last ?? Unanswered(subject, error);
        }
    }

    /// <summary>Nobody listens to a subject.</summary>
    internal static BrokerException NobodyAnswers(Session session, ReadOnlyMemory<byte> subject) =>
        session.Info.HasJetStream
            ? new($"NATS at {session.Address}: no stream or consumer answers to {Encoding.UTF8.GetString(subject.Span)}.", "Start the host with provisioning on, or make the stream as `PrepareAsync` names it; right after a restart of the server it comes back by itself.")
            : new($"NATS at {session.Address} runs without JetStream, which keeps messages.", "Start nats-server with -js, or with a jetstream block in its configuration.");

    private async Task<TAnswer> CallAsync<TAnswer>(string subject, ReadOnlyMemory<byte> request, JsonTypeInfo<TAnswer> type, CancellationToken cancellation, ReadOnlyMemory<byte> headers = default)
    {
        var answer = await RequestAsync(Encoding.UTF8.GetBytes(subject), headers, request, cancellation);
        try
        {
            return JsonSerializer.Deserialize(answer.Payload.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new BrokerException($"NATS answers to {subject} with what isn't JetStream's JSON: {error.Message}", isTransient: false, inner: error);
        }
    }

    private static BrokerException TooLong(Session session, ReadOnlyMemory<byte> subject, int size) =>
        new($"NATS at {session.Address} takes {session.Info.MaxPayload} bytes; a message to {Encoding.UTF8.GetString(subject.Span)} has {size}.", "Raise max_payload in the server's configuration.", isTransient: false);

    private BrokerException Unanswered(ReadOnlyMemory<byte> subject, Exception inner)
    {
        var refusal = connection.TryGet()?.LastError is { Length: > 0 } error ? $" The server refused something: {error}." : "";
        return new BrokerException($"NATS doesn't answer to {Encoding.UTF8.GetString(subject.Span)} within {options.RequestTimeout.TotalSeconds} s.{refusal}", "See the server's log; the user needs the right to publish there and to subscribe to _INBOX.>.", inner: inner);
    }

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static TAnswer Checked<TAnswer>(TAnswer answer, string what)
        where TAnswer : ApiAnswer =>
        answer.Error is { } error
            ? throw new BrokerException($"{what}: NATS says \"{error.Description}\" ({error.ErrCode}).", isTransient: error.Code >= 500)
            : answer;
}
