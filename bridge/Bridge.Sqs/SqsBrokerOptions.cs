namespace Bridge.Sqs;

/// <summary>How SNS and SQS are reached.</summary>
public sealed record SqsBrokerOptions
{
    /// <summary>The region's name, such as <c>eu-west-1</c>; null for that of the first ARN among the addresses, or what the environment says.</summary>
    public string? Region { get; init; }

    /// <summary>Where both services are instead of the region's own addresses; null for those.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The access key's id; null for the credentials that the machine has: environment, profile, container or instance.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The access key's secret. Needed with <see cref="AccessKeyId"/>.</summary>
    public string? SecretAccessKey { get; init; }

    /// <summary>Of temporary credentials, the session's token; null for none.</summary>
    public string? SessionToken { get; init; }

    /// <summary>What stands before the names of topics and queues that are given as plain names.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>How long one request waits for messages, in whole seconds from 1 to 20. A shorter wait costs more requests while nothing happens.</summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public override string ToString() => $"SNS and SQS, {Region ?? "the machine's region"}";
}
