using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>Interest in a subject that lasts over reconnections.</summary>
/// <param name="Number">By which the server tells its messages apart.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Deliver">Gets its messages, one at a time, and must not wait.</param>
/// <param name="Renewed">Is told that the connection was made anew, and whatever was asked for with the former one is void.</param>
internal sealed record Subscription(long Number, string Subject, Action<NatsMessage> Deliver, Action Renewed);
