using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq.Connections;

/// <summary>A channel to publish by, many messages at a time, of each of which the server says whether it has it. Thread: any.</summary>
/// <remarks>
/// The client can await such words too, but message by message: with a task, a timer, a lock and a header for each.
/// </remarks>
internal sealed class ConfirmingChannel : IAsyncDisposable
{
    // By this the sender knows a message again that the server returns: what is said of it otherwise is its number.
    private const string NumberHeader = "encore-publication";

    private readonly IChannel _channel;
    private readonly Confirmations _confirmations = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _ended = new();

    // Guarded by the gate.
    private ulong _sent;

    /// <param name="channel">A channel whose messages are confirmed, and whose confirmations the client leaves alone. This one's to end.</param>
    internal ConfirmingChannel(IChannel channel)
    {
        _channel = channel;
        channel.BasicAcksAsync += (_, word) => HearAsync(word.DeliveryTag, word.Multiple, refusal: null);
        channel.BasicNacksAsync += (_, word) => HearAsync(word.DeliveryTag, word.Multiple, number => new PublishException(number, isReturn: false));
        channel.BasicReturnAsync += (_, message) => TakeBackAsync(message);
        channel.ChannelShutdownAsync += (_, reason) => EndAsync(reason);
    }

    /// <summary>How the client has to open the channel.</summary>
    internal static CreateChannelOptions Options { get; } = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    /// <summary>Whether messages can be published by it.</summary>
    internal bool IsOpen => _channel.IsOpen;

    /// <summary>Sends messages in their order, and waits until the server has spoken of all.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="cancellation">Ends the wait: what hasn't been spoken of fails by that.</param>
    /// <returns>Of each in turn what went wrong, as the client would have thrown it; null where the server has it on its disks.</returns>
    internal async Task<Exception?[]> PublishAsync(IReadOnlyList<Publication> messages, CancellationToken cancellation)
    {
        var batch = new PublicationBatch(messages.Count);
        try
        {
            await SendAsync(messages, batch, cancellation);
            await batch.WhenEndedAsync().WaitAsync(cancellation);
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            batch.EndFrom(0, error);
        }

        return batch.Errors();
    }

    /// <summary>Ends the channel; what hasn't been spoken of fails.</summary>
    public ValueTask DisposeAsync() => new(RabbitMqFailures.ForgetAsync(_channel));

    private async Task SendAsync(IReadOnlyList<Publication> messages, PublicationBatch batch, CancellationToken cancellation)
    {
        // The client's buffers may be full, and nobody empties them any more when the connection breaks.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        await _gate.WaitAsync(cancellation);
        try
        {
            for (var index = 0; index < messages.Count; index++)
            {
                if (!await TrySendAsync(messages[index], batch, index, patience.Token))
                {
                    return;
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <returns>False where it and those behind it aren't sent, and end by that.</returns>
    private async ValueTask<bool> TrySendAsync(Publication message, PublicationBatch batch, int index, CancellationToken cancellation)
    {
        var number = _sent + 1;
        if (message.MustArrive)
        {
            message.Properties.Headers ??= new Dictionary<string, object?>(StringComparer.Ordinal);
            message.Properties.Headers[NumberHeader] = (long)number;
        }

        // Before it is sent: word may come while it is.
        if (_confirmations.Await(number, batch, index) is { } gone)
        {
            batch.EndFrom(index, gone);
            return false;
        }

        try
        {
            await _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, message.MustArrive, message.Properties, message.Body, cancellation);
            _sent = number;
            return true;
        }
        catch (Exception error)
        {
            // Justification: whatever it was, nothing of the message has left, and the next one gets its number.
            _confirmations.Remove(number);
            batch.EndFrom(index, error is OperationCanceledException && _confirmations.Ending is { } ending ? ending : error);
            return false;
        }
    }

    private Task HearAsync(ulong number, bool isOfAllBefore, Func<ulong, Exception>? refusal)
    {
        _confirmations.Hear(number, isOfAllBefore, refusal);
        return Task.CompletedTask;
    }

    // A word that it is confirmed follows: the server has done with it what there was to do.
    private Task TakeBackAsync(BasicReturnEventArgs message)
    {
        if (message.BasicProperties.Headers?.TryGetValue(NumberHeader, out var value) == true && value is long number)
        {
            _confirmations.Hear((ulong)number, isOfAllBefore: false, number => new PublishException(number, isReturn: true));
        }

        return Task.CompletedTask;
    }

    private Task EndAsync(ShutdownEventArgs reason)
    {
        _confirmations.EndAll(new AlreadyClosedException(reason));
        return _ended.CancelAsync();
    }
}
