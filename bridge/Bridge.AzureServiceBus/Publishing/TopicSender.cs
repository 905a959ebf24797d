using Amqp;
using Amqp.Framing;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Publishing;

/// <summary>Sends messages to a topic: many on their way, each confirmed by the service. Thread: any.</summary>
/// <param name="connection">The connection.</param>
/// <param name="address">The topic there.</param>
internal sealed class TopicSender(ServiceBusConnection connection, string address)
{
    /// <summary>Sends messages in turn.</summary>
    /// <returns>What became of each: null where the service has it.</returns>
    internal async Task<BrokerException?[]> SendAsync(IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        SenderLink link;
        ulong maxSize;
        try
        {
            (link, maxSize) = await connection.PatientlyAsync(line => line.SenderAsync(address, cancellation), cancellation);
        }
        catch (BrokerException error)
        {
            return [.. messages.Select(_ => error)];
        }

        var sent = new Task<BrokerException?>[messages.Count];
        for (var index = 0; index < sent.Length; index++)
        {
            sent[index] = SendOneAsync(link, maxSize, messages[index]);
        }

        try
        {
            return await Task.WhenAll(sent).WaitAsync(connection.Options.AnswerTimeout, connection.Time, cancellation);
        }
        catch (TimeoutException error)
        {
            var late = new BrokerException(
                $"{What} isn't confirmed within {connection.Options.AnswerTimeout.TotalSeconds} s.", "The service may have the message all the same. See the namespace's metrics.", inner: error);
            return [.. sent.Select(one => one.IsCompletedSuccessfully ? one.GetAwaiter().GetResult() : late)];
        }
    }

    /// <summary>Sends one.</summary>
    /// <exception cref="BrokerException">The service doesn't have it, or that can't be known.</exception>
    internal async Task SendAsync(Message message, CancellationToken cancellation)
    {
        if ((await SendAsync([message], cancellation))[0] is { } error)
        {
            throw error;
        }
    }

    private string What => $"publishing to the topic {address} of Azure Service Bus";

    private Task<BrokerException?> SendOneAsync(SenderLink link, ulong maxSize, Message message)
    {
        // Attributes and what else travels beside the body are small; the service itself judges what is close to the bound.
        if (maxSize > 0 && message.Body is byte[] body && (ulong)body.Length > maxSize)
        {
            return Task.FromResult<BrokerException?>(Failures.Translate(
                What, new Error("amqp:link:message-size-exceeded") { Description = $"the message has {body.Length} bytes, and the service takes {maxSize}" }));
        }

        var done = new TaskCompletionSource<BrokerException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
#pragma warning disable VSTHRD103 // Justification: this overload doesn't wait, it calls back.
            link.Send(message, deliveryState: null, (sender, _, outcome, _) => done.TrySetResult(Judge((Link)sender, outcome)), state: null);
#pragma warning restore VSTHRD103
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            done.TrySetResult(Failures.Translate(What, error));
        }

        return done.Task;
    }

    private BrokerException? Judge(Link link, Outcome outcome) => outcome switch
    {
        Accepted => null,
        Rejected rejected => Failures.Translate(What, rejected.Error),
        _ => Failures.Translate(What, link.Error),
    };
}
