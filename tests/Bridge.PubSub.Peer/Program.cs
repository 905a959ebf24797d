using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.PubSub.Peer;
using Bridge.Sqlite;

// A process that tests kill: it publishes a number of messages to a message file and handles what is there until it is ended.
// Arguments: the file, this process's name, how many messages to publish.
var (path, name, count) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
var topic = PeerTopic.Create();
await using var broker = new SqliteBroker(new SqliteBrokerOptions { Path = path }, [topic]);
await broker.PrepareAsync(provision: true, CancellationToken.None);
await using var journal = new Journal();
var source = await broker.OpenAsync(topic.Subscriptions[0], CancellationToken.None);
var handler = new PeerHandler(journal);
var runner = new SubscriptionRunner(topic.Subscriptions[0], source, handler, handler, TimeProvider.System);
await Task.WhenAll(
    runner.RunAsync(CancellationToken.None, CancellationToken.None),
    PeerPublisher.PublishAsync(broker.PublisherOf(topic), name, count, journal));
