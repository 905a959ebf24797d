using System.Runtime.InteropServices;

namespace Bridge.PubSub.Tests.Kafka;

/// <summary>The Kafka client library's own brokers: Kafka's protocol on loopback ports, records in this process's memory.</summary>
/// <remarks>They make no topics for administrators, forget no record within the tests' sizes, and can be shut and opened again.</remarks>
internal sealed partial class MockCluster : IDisposable
{
    private const string Library = "centos8-librdkafka";
    private const int Producer = 0;

    private readonly nint _client;
    private readonly nint _cluster;
    private readonly int _brokers;

    public MockCluster(int brokers = 1)
    {
        _brokers = brokers;
        var configuration = NewConfiguration();
        Assert.Equal(0, SetConfiguration(configuration, "log_level", "0", error: 0, errorSize: 0));
        _client = NewClient(Producer, configuration, error: 0, errorSize: 0);
        _cluster = NewCluster(_client, brokers);
        Assert.NotEqual(0, _cluster);
        SetRebalanceDelay(_cluster, 0);
        BootstrapServers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string BootstrapServers { get; }

    public void CreateTopic(string name, int partitions) => Assert.Equal(0, TopicCreate(_cluster, name, partitions, Math.Min(_brokers, 3)));

    /// <summary>Cuts all connections to a broker and refuses new ones; it keeps its records.</summary>
    public void Shut(int broker) => Assert.Equal(0, SetDown(_cluster, broker));

    public void Open(int broker) => Assert.Equal(0, SetUp(_cluster, broker));

    public void ShutAll() => Each(Shut);

    public void OpenAll() => Each(Open);

    public void Dispose()
    {
        DestroyCluster(_cluster);
        DestroyClient(_client);
    }

    private void Each(Action<int> act)
    {
        for (var broker = 1; broker <= _brokers; broker++)
        {
            act(broker);
        }
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetConfiguration(nint configuration, string name, string value, nint error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint NewClient(int type, nint configuration, nint error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static partial void SetRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicCreate(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);
}
