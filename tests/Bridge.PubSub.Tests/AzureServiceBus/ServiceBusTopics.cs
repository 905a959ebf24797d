using System.Text;
using Bridge.AzureServiceBus;
using Bridge.PubSub.Tests.Contract;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <summary>What the tests of the broker share.</summary>
internal static class ServiceBusTopics
{
    internal static readonly CancellationToken None = CancellationToken.None;

    internal static BrokerTopic Topic(params string[] subscriptions) => new()
    {
        Name = "orders",
        Address = "orders",
        Subscriptions = [.. subscriptions.Select(name => new BrokerSubscription { Topic = "orders", Name = name, Address = name, AckDeadline = TimeSpan.FromMinutes(1) })],
    };

    internal static BrokerTopic WithLease(this BrokerTopic topic, TimeSpan lease) =>
        topic with { Subscriptions = [.. topic.Subscriptions.Select(subscription => subscription with { AckDeadline = lease })] };

    internal static OutgoingMessage Message(string body, string? key = null) => new() { Body = Encoding.UTF8.GetBytes(body), OrderingKey = key };

    internal static async Task<ServiceBusBroker> PreparedAsync(this FakeServiceBus server, BrokerTopic topic, Func<ServiceBusBrokerOptions, ServiceBusBrokerOptions>? change = null)
    {
        var options = server.OptionsOf(server.Policies[0]);
        var broker = new ServiceBusBroker(change?.Invoke(options) ?? options, [topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, None).WaitAsync(Patience.Long));
        return broker;
    }

    internal static async Task PublishAsync(this ServiceBusBroker broker, BrokerTopic topic, params OutgoingMessage[] messages) =>
        Assert.All(await broker.PublisherOf(topic).PublishAsync(messages, None).WaitAsync(Patience.Long), result => Assert.Null(result.Error));

    internal static async Task<Delivery> OneAsync(this IMessageSource source)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        return Assert.Single(await source.ReceiveAsync(1, patience.Token));
    }

    internal static async Task NothingAsync(this IMessageSource source, TimeSpan? time = null)
    {
        using var patience = new CancellationTokenSource(time ?? Patience.Short);
        try
        {
            Assert.Empty((await source.ReceiveAsync(5, patience.Token)).Select(TextOf));
        }
        catch (OperationCanceledException)
        {
            // Nothing came.
        }
    }

    internal static string TextOf(this Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);
}
