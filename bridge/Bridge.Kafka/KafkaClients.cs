using System.Globalization;
using Bridge.Core.PubSub;
using Confluent.Kafka;

namespace Bridge.Kafka;

/// <summary>How this host's clients of a cluster are set up. Thread: any.</summary>
/// <param name="options">Where the cluster is and how to be let in.</param>
internal sealed class KafkaClients(KafkaBrokerOptions options)
{
    /// <summary>Where the cluster is, for messages to people.</summary>
    public string Address => options.BootstrapServers;

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan RequestTimeout => options.RequestTimeout;

    /// <summary>A client that publishes: a message is safe when all copies that are in step have it, and is there once however often it is sent.</summary>
    public IProducer<byte[], byte[]> Producer() =>
        Make(new ProducerBuilder<byte[], byte[]>(Fill(new ProducerConfig
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            MessageTimeoutMs = (int)options.PublishTimeout.TotalMilliseconds,
            LingerMs = 2,
            CompressionType = CompressionType.Lz4,

            // The partitioner of Kafka's own client, so that other publishers' keys meet ours.
            Partitioner = Partitioner.Murmur2Random,
            QueueBufferingMaxKbytes = 64 * 1024,
        })).SetErrorHandler((_, _) => { }).SetLogHandler(Ignore).Build);

    /// <summary>A client that is a member of a subscription's group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="onError">Is told of errors.</param>
    /// <param name="listen">Adds who is told of partitions that come and go.</param>
    public IConsumer<byte[], byte[]> Member(string group, Action<Error> onError, Action<ConsumerBuilder<byte[], byte[]>> listen)
    {
        var builder = new ConsumerBuilder<byte[], byte[]>(Fill(new ConsumerConfig
        {
            GroupId = group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            AutoOffsetReset = AutoOffsetReset.Earliest,

            // Only what is handled is stored; what is stored is committed in the background and when partitions leave.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 250,
            SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
            HeartbeatIntervalMs = (int)options.SessionTimeout.TotalMilliseconds / 10,
            AllowAutoCreateTopics = false,

            // What is fetched ahead of need, beside the bound of the source. Past it the library waits for the back-off before it fetches again,
            // a second unless it is told otherwise: then a partition gives no more in a second than the queue holds.
            QueuedMinMessages = 5000,
            QueuedMaxMessagesKbytes = 8 * 1024,
            FetchQueueBackoffMs = 10,
            FetchWaitMaxMs = 100,
        })).SetErrorHandler((_, error) => onError(error)).SetLogHandler(Ignore);
        listen(builder);
        return Make(builder.Build);
    }

    /// <summary>A client that reads whole topics, outside every group's bookkeeping.</summary>
    public IConsumer<byte[], byte[]> Reader() =>
        Make(new ConsumerBuilder<byte[], byte[]>(Fill(new ConsumerConfig
        {
            GroupId = options.ClientId + "-reader",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            QueuedMaxMessagesKbytes = 8 * 1024,
            FetchWaitMaxMs = 20,
        })).SetErrorHandler((_, _) => { }).SetLogHandler(Ignore).Build);

    /// <summary>A client that looks for topics and makes them.</summary>
    public IAdminClient Administrator() =>
        Make(new AdminClientBuilder(Fill(new AdminClientConfig())).SetErrorHandler((_, _) => { }).SetLogHandler(Ignore).Build);

    /// <exception cref="BrokerException">The options aren't to the library's liking, or it can't be loaded.</exception>
    private T Make<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or DllNotFoundException)
        {
            throw new BrokerException($"No client for Kafka at {Address} can be made: {error.Message}", "Look at its options in the configuration.", isTransient: false, error);
        }
    }

    // What the library logs, it also reports as errors; its lines on standard error would break up the host's own.
    private static void Ignore(IClient client, LogMessage message)
    {
    }

    private T Fill<T>(T config)
        where T : ClientConfig
    {
        config.BootstrapServers = options.BootstrapServers;
        config.ClientId = options.ClientId;
        config.SocketKeepaliveEnable = true;
        config.ReconnectBackoffMaxMs = 2000;
        config.SecurityProtocol = (options.Tls, options.Sasl) switch
        {
            (null, null) => SecurityProtocol.Plaintext,
            (null, _) => SecurityProtocol.SaslPlaintext,
            (_, null) => SecurityProtocol.Ssl,
            _ => SecurityProtocol.SaslSsl,
        };
        if (options.Tls is { } tls)
        {
            config.SslCaPem = tls.CertificateAuthority;
            config.SslCertificatePem = tls.Certificate;
            config.SslKeyPem = tls.Key;
            config.SslKeyPassword = tls.KeyPassword;
            config.SslEndpointIdentificationAlgorithm = tls.SkipsHostNames ? SslEndpointIdentificationAlgorithm.None : SslEndpointIdentificationAlgorithm.Https;
        }

        if (options.Sasl is { } sasl)
        {
            config.SaslMechanism = MechanismOf(sasl);
            config.SaslUsername = sasl.Username;
            config.SaslPassword = sasl.Password;
        }

        return config;
    }

    private static SaslMechanism MechanismOf(KafkaSasl sasl) => sasl.Mechanism.ToUpper(CultureInfo.InvariantCulture) switch
    {
        "PLAIN" => SaslMechanism.Plain,
        "SCRAM-SHA-256" => SaslMechanism.ScramSha256,
        "SCRAM-SHA-512" => SaslMechanism.ScramSha512,
        _ => throw new BrokerException(
            $"Kafka's SASL mechanism \"{sasl.Mechanism}\" isn't known.", "Use PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.", isTransient: false),
    };
}
