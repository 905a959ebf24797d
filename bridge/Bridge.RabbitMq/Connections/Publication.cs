using RabbitMQ.Client;

namespace Bridge.RabbitMq.Connections;

/// <summary>A message on its way to an exchange.</summary>
/// <param name="Exchange">The exchange.</param>
/// <param name="RoutingKey">With which key: of the exchange "", the queue.</param>
/// <param name="Properties">What goes beside it. The publication's own: the channel adds what it knows a message again by.</param>
/// <param name="Body">The message.</param>
/// <param name="MustArrive">Whether there has to be a queue for it. A topic that nobody subscribes to has none.</param>
internal readonly record struct Publication(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body, bool MustArrive)
{
    /// <summary>What it goes to, for people.</summary>
    internal string Target => Exchange.Length > 0 ? Exchange : RoutingKey;
}
