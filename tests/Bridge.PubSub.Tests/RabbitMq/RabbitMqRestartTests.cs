using System.Collections.Concurrent;
using System.Globalization;
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
    private readonly BrokerTopic _topic = RabbitMqBrokerTests.NewTopic() with { IsOrdered = true };
    private readonly ConcurrentDictionary<string, bool> _confirmed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _handled = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<int> _keyed = [];
    private string _lastError = "";

    [Fact]
    public async Task ServerKilledUnderLoad_LosesNothing_ThatWasConfirmed_AndKeepsTheOrder()
    {
        await using var server = await RabbitMqServer.StartAsync();

        // As a host has it: new queues rest.
        await using var broker = new RabbitMqBroker(new RabbitMqBrokerOptions { Servers = server.Options.Servers, ReconnectPatience = server.Options.ReconnectPatience }, [_topic]);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        using var stop = new CancellationTokenSource();
        await using var run = RunningSubscription.Start(broker, _topic.Subscriptions[0], Handle);
        Task[] publishing = [PublishUntilAsync(broker, key: null, stop.Token), PublishUntilAsync(broker, "account", stop.Token)];
        string Describe() => $"{_confirmed.Count} confirmed, {string.Join(", ", publishing.Select(task => task.Exception?.ToString() ?? "publishing"))}; {_lastError}; {run.Describe()}";

        await Patience.UntilAsync(() => _handled.Count > 300 && _keyed.Count > 30, Describe);
        await server.KillAsync();
        await server.LaunchAsync();
        var (before, keyedBefore) = (_confirmed.Count, _keyed.Count);
        await Patience.UntilAsync(() => _confirmed.Count > before + 100 && _keyed.Count > keyedBefore + 30, Describe);
        await stop.CancelAsync();
        await Task.WhenAll(publishing);

        await Patience.UntilAsync(() => _confirmed.Keys.All(_handled.ContainsKey), () => $"{_confirmed.Keys.Count(key => !_handled.ContainsKey(key))} missing; {Describe()}");
        Assert.Equal(_keyed.Order(), _keyed);
    }

    private ValueTask<HandlingResult> Handle(Delivery delivery, CancellationToken givingUp)
    {
        // One that was handled may come again: the server's end lost its acknowledgement.
        var text = Encoding.UTF8.GetString(delivery.Body.Span);
        if (_handled.TryAdd(text, true) && text.StartsWith("account:", StringComparison.Ordinal))
        {
            _keyed.Enqueue(int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture));
        }

        return new(HandlingResult.Done);
    }

    private async Task PublishUntilAsync(RabbitMqBroker broker, string? key, CancellationToken stop)
    {
        var publisher = broker.PublisherOf(_topic);
        for (var number = 0; !stop.IsCancellationRequested; number += 10)
        {
            string[] bodies = [.. Enumerable.Range(number, 10).Select(number => $"{key}:{number}")];
            var messages = bodies.Select(body => RabbitMqBrokerTests.Message(body) with { OrderingKey = key });
            var results = await publisher.PublishAsync([.. messages], CancellationToken.None);
            foreach (var (body, result) in bodies.Zip(results))
            {
                if (result.Error is null)
                {
                    _confirmed[body] = true;
                }
                else
                {
                    _lastError = result.Error.ToString();
                    Assert.True(Assert.IsType<BrokerException>(result.Error).IsTransient, result.Error.Message);
                }
            }
        }
    }
}
