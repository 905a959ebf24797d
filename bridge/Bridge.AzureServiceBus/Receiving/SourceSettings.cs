using Bridge.AzureServiceBus.Publishing;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>Whose messages a source receives. Immutable.</summary>
/// <param name="Path">The subscription's path.</param>
/// <param name="Subscription">Its name within its topic.</param>
/// <param name="Lock">How long messages are locked for, as was asked for.</param>
/// <param name="Copies">Where copies go that wait for another attempt; null where a message waits in this process only.</param>
internal sealed record SourceSettings(string Path, string Subscription, TimeSpan Lock, TopicSender? Copies);
