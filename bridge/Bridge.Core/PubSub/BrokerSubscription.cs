namespace Bridge.Core.PubSub;

/// <summary>A subscription as a broker has to keep it. Every subscription of a topic gets each message.</summary>
public sealed record BrokerSubscription
{
    /// <summary>The topic's name in the application.</summary>
    public required string Topic { get; init; }

    /// <summary>Its own name in the application.</summary>
    public required string Name { get; init; }

    /// <summary>What the broker knows it by: a name, a path, a URL. The name, unless the configuration says otherwise.</summary>
    public required string Address { get; init; }

    /// <summary>After which time without a word about a message another may receive it. At least a second.</summary>
    public TimeSpan AckDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message waits to be handled before it becomes a dead letter.</summary>
    public TimeSpan MessageRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>When a message whose handler failed comes again.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>How many messages one process handles at a time; 0 for no bound but the host's own.</summary>
    public int MaxConcurrency { get; init; } = 100;
}
