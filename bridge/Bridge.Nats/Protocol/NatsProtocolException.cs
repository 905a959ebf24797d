namespace Bridge.Nats.Protocol;

/// <summary>The server sends what the protocol doesn't allow, or it isn't a NATS server.</summary>
internal sealed class NatsProtocolException(string message) : Exception(message);
