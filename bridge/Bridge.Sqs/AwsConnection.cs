using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SQS;
using Bridge.Core.PubSub;

namespace Bridge.Sqs;

/// <summary>A region's services with the credentials for them. Thread: any.</summary>
internal sealed class AwsConnection : IDisposable
{
    // Over the longest poll, so that only a dead connection meets it.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly AWSCredentials? _given;

    public AwsConnection(SqsBrokerOptions options, string? regionOfAddresses, TimeProvider time)
    {
        Options = options;
        Time = time;
        Region = options.Region ?? regionOfAddresses ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName
            ?? throw new BrokerException("SNS and SQS: no region is given", "set region, or AWS_REGION in the environment", isTransient: false);
        _given = GivenCredentials(options);
        Config = new AmazonSQSConfig
        {
            // Tries are this assembly's: the SDK would hide which of them can be repeated.
            MaxErrorRetry = 0,
            Timeout = options.LongPoll + Slack,
            ThrottleRetries = false,
        };
        if (options.Endpoint is { } endpoint)
        {
            Config.ServiceURL = endpoint.ToString();
            Config.AuthenticationRegion = Region;
        }
        else
        {
            Config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }

        Sqs = _given is null ? new AmazonSQSClient(Config) : new AmazonSQSClient(_given, Config);
    }

    /// <summary>What it was made of.</summary>
    public SqsBrokerOptions Options { get; }

    /// <summary>The region's name.</summary>
    public string Region { get; }

    /// <summary>The SDK's configuration.</summary>
    public AmazonSQSConfig Config { get; }

    /// <summary>The queues.</summary>
    public AmazonSQSClient Sqs { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where SNS is.</summary>
    public Uri SnsEndpoint => Options.Endpoint ?? new Uri($"https://sns.{Region}.{RegionEndpoint.GetBySystemName(Region).PartitionDnsSuffix}/");

    /// <summary>What signs requests now.</summary>
    /// <exception cref="AmazonClientException">There are none on this machine.</exception>
    public async Task<ImmutableCredentials> CredentialsAsync()
    {
        var source = _given ?? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(Config);
        return await source.GetCredentialsAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => Sqs.Dispose();

    private static AWSCredentials? GivenCredentials(SqsBrokerOptions options)
    {
        if (options.AccessKeyId is not { } id)
        {
            return null;
        }

        var secret = options.SecretAccessKey ?? throw new BrokerException(
            "SNS and SQS: access_key_id stands without secret_access_key", "give both, or neither", isTransient: false);
        return options.SessionToken is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
    }
}
