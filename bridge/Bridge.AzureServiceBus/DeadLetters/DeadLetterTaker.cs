using System.Threading.Channels;
using Amqp;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.DeadLetters;

/// <summary>Takes dead letters from their sub-queue, one after the other; what isn't deleted goes back at the end. Thread: one at a time.</summary>
internal sealed class DeadLetterTaker : IAsyncDisposable
{
    private const int Window = 100;

    // Dead letters come at once, unless somebody else has taken them.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
    private readonly List<Guid> _kept = [];
    private readonly EntityManagement _management;
    private readonly ReceiverLink _link;
    private readonly TimeProvider _time;

    private DeadLetterTaker(ReceiverLink link, EntityManagement management, TimeProvider time)
    {
        (_link, _management, _time) = (link, management, time);
        link.Start(0, (_, message) => _messages.Writer.TryWrite(message));
        link.AddClosedCallback((_, _) => _messages.Writer.TryComplete());
        link.SetCredit(Window, CreditMode.Manual);
    }

    /// <summary>Opens one.</summary>
    internal static async Task<DeadLetterTaker> OpenAsync(
        ServiceBusConnection connection, Line line, string path, EntityManagement management, CancellationToken cancellation)
    {
        var (link, _) = await line.ReceiverAsync(path, filter: null, timeout: null, cancellation);
        return new DeadLetterTaker(link, management, connection.Time);
    }

    /// <summary>The next one; null where no further comes.</summary>
    internal async Task<Message?> NextAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var message = await _messages.Reader.ReadAsync(patience.Token);
            _link.SetCredit(1, CreditMode.Manual);
            return message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException)
        {
            throw new BrokerException("The link to dead letters of Azure Service Bus broke.", "Ask again: what was done by then stays done.");
        }
    }

    /// <summary>One that stays.</summary>
    internal void Keep(Message message) => _kept.Add(new Guid(message.DeliveryTag));

    /// <summary>One that is done with.</summary>
    internal void Delete(Message message) => _link.Accept(message);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Attaching.CloseAsync(_link, Farewell);
        while (_messages.Reader.TryRead(out var message))
        {
            Keep(message);
        }

        if (_kept.Count == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Farewell, _time);
        try
        {
            await _management.SettleAsync([.. _kept], "abandoned", details: null, patience.Token);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // They are there again once their locks are over.
        }
    }
}
