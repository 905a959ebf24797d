using System.Collections.Concurrent;
using System.Text;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq;

namespace Bridge.PubSub.Tests.RabbitMq;

/// <summary>
/// The server ends soon after the queues were made, and returns: nothing that was confirmed is lost. With the others, so that one server starts at a
/// time.
/// </summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqRestartTests
{
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic();

    [Fact]
    public async Task ServerKilledUnderLoad_LosesNothing_ThatWasConfirmed()
    {
        await using var server = await RabbitMqServer.StartAsync();
        await using var broker = new RabbitMqBroker(new RabbitMqBrokerOptions { Servers = server.Options.Servers, ReconnectPatience = server.Options.ReconnectPatience }, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        var publisher = broker.PublisherOf(_topic);
        var handled = new ConcurrentDictionary<string, bool>();
        var confirmed = new ConcurrentDictionary<string, bool>();
        var lastError = "";
        using var stop = new CancellationTokenSource();

        async Task PublishUntilStoppedAsync(int number)
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                string[] bodies = [.. Enumerable.Range(0, 10).Select(index => $"{number}:{round}:{index}")];
                var results = await publisher.PublishAsync([.. bodies.Select(RabbitMqBrokerTests.Message)], CancellationToken.None);
                foreach (var (body, result) in bodies.Zip(results))
                {
                    if (result.Error is null)
                    {
                        confirmed[body] = true;
                    }
                    else
                    {
                        lastError = result.Error.ToString();
                        Assert.True(Assert.IsType<BrokerException>(result.Error).IsTransient, result.Error.Message);
                    }
                }
            }
        }

        var run = RunningSubscription.Start(broker, _topic.Subscriptions[0], (delivery, _) =>
        {
            handled[Encoding.UTF8.GetString(delivery.Body.Span)] = true;
            return new(HandlingResult.Done);
        });
        await using (run)
        {
            Task[] publishing = [PublishUntilStoppedAsync(0), PublishUntilStoppedAsync(1)];
            await Patience.UntilAsync(() => handled.Count > 300, () => $"{handled.Count} handled before the server ends");
            await server.KillAsync();
            await server.LaunchAsync();
            var before = confirmed.Count;
            await Patience.UntilAsync(() => confirmed.Count > before + 100, () => $"{confirmed.Count - before} confirmed after the server's return; {string.Join(", ", publishing.Select(task => task.Exception?.ToString() ?? "goes on"))}; {lastError}");
            await stop.CancelAsync();
            await Task.WhenAll(publishing);

            await Patience.UntilAsync(() => confirmed.Keys.All(handled.ContainsKey), () => $"{confirmed.Keys.Count(key => !handled.ContainsKey(key))} of {confirmed.Count} missing");
        }
    }
}
