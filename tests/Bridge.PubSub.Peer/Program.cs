using System.Text.Json;
using Bridge.Core.PubSub;
using Bridge.PubSub.Peer;

// A process that tests kill: it publishes a number of messages to a broker and handles what is there until it is ended.
// Its argument is a PeerPlan as JSON.
var plan = JsonSerializer.Deserialize<PeerPlan>(args[0]) ?? throw new ArgumentException("The argument has to be a plan as JSON.");
var topic = PeerTopic.Create(TimeSpan.FromSeconds(plan.LeaseSeconds), plan.IsOrdered);
await using var journal = new Journal();
await using var broker = plan.Broker.Open(topic);
var source = await PeerStart.OpenAsync(broker, topic.Subscriptions[0], journal);
var handler = new PeerHandler(journal, plan.IsHolding);
var runner = new SubscriptionRunner(topic.Subscriptions[0], source, handler, handler, TimeProvider.System);
await Task.WhenAll(
    runner.RunAsync(CancellationToken.None, CancellationToken.None),
    new PeerPublisher(broker.PublisherOf(topic), plan, journal).PublishAllAsync());
