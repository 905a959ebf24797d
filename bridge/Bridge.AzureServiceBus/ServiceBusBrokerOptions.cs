namespace Bridge.AzureServiceBus;

/// <summary>Where a Service Bus namespace is, and how to get in.</summary>
public sealed record ServiceBusBrokerOptions
{
    /// <summary>
    /// As the portal shows it: <c>Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…</c>. With
    /// <c>UseDevelopmentEmulator=true</c> connections aren't encrypted.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>How the policy's key is shown to the service.</summary>
    public ServiceBusSignIn SignIn { get; init; } = ServiceBusSignIn.Token;

    /// <summary>Where topics and subscriptions are made; null for the namespace's own address, or the emulator's port 5300.</summary>
    public Uri? ManagementEndpoint { get; init; }

    /// <summary>What the names of all topics begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The certificates that the service's has to rest on, in PEM; null for those that the system trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>How long one try to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long publishing waits for a lost connection to come back before it fails. Nothing was sent by then, so that nothing happens twice.</summary>
    public TimeSpan ReconnectPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the service may take to answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a token is good for; it is renewed when two thirds of that are over.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The shortest lock that the service takes. The tests' server takes less.</summary>
    internal TimeSpan ShortestLock { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for a retry during which a message stays locked by this process; past it a copy waits at the service.</summary>
    internal TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    /// <remarks>Without the key.</remarks>
    public override string ToString() => "Azure Service Bus";
}

/// <summary>How a policy's key is shown to the service.</summary>
public enum ServiceBusSignIn
{
    /// <summary>By signed tokens that end (claims-based security): the key itself isn't sent.</summary>
    Token,

    /// <summary>As name and password of the connection (SASL PLAIN).</summary>
    Password,
}
