using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Contract;
using Bridge.PubSub.Tests.Kills;
using Bridge.Sqlite;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>Of processes that share a message file one dies.</summary>
public sealed class KillTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-messages-");

    private string FilePath => Path.Combine(_folder.FullName, "messages.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kill_WhileHandlersRun_NextProcessGetsTheirMessagesAtOnce()
    {
        // The lease is longer than the test's patience.
        var record = new FlowRecord();
        await using var peer = PeerProcess.Start(
            new PeerPlan { Broker = new PeerBroker("embedded", FilePath), Name = "peer", Count = 40, LeaseSeconds = 600, IsHolding = true }, record);
        await Patience.UntilAsync(() => peer.Begun == 40 && peer.Taken == 40, () => $"{peer.Begun} begun, {peer.Taken} taken");
        var topic = PeerTopic.Create(TimeSpan.FromMinutes(10), isOrdered: true);
        await using var beside = new SqliteBroker(new SqliteBrokerOptions { Path = FilePath }, [topic]);
        await beside.PrepareAsync(provision: true, CancellationToken.None);
        await using var waiting = await beside.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        using (var moment = new CancellationTokenSource(Patience.Short))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.ReceiveAsync(40, moment.Token));
        }

        await peer.KillAsync();
        await using var next = new SqliteBroker(new SqliteBrokerOptions { Path = FilePath }, [topic]);
        await next.PrepareAsync(provision: true, CancellationToken.None);
        await using var source = await next.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
        var deliveries = new List<Delivery>();
        using var patience = new CancellationTokenSource(Patience.Long);
        while (deliveries.Count < 40)
        {
            deliveries.AddRange(await source.ReceiveAsync(40, patience.Token));
        }

        Assert.All(deliveries, delivery => Assert.Equal(2, delivery.Attempt));
        await Task.WhenAll(deliveries.Select(delivery => delivery.AcknowledgeAsync(CancellationToken.None)));
        await source.DisposeAsync();
        await next.DisposeAsync();
        await waiting.DisposeAsync();
        await beside.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*-process-*"));
    }
}
