using Bridge.Core.PubSub;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Databases;
using Encore.Host.Hosting;
using Encore.Host.ServiceCalls;

namespace Encore.Host.PubSub;

/// <summary>
/// The topics of an application, on the brokers that the infrastructure's configuration names, or where that names none, on a broker of the
/// application's own.
/// </summary>
internal sealed class ApplicationTopics : IAsyncDisposable
{
    private readonly IReadOnlyList<OpenBroker> _brokers;

    private ApplicationTopics(IReadOnlyList<OpenBroker> brokers, IReadOnlyList<ApplicationTopic> all)
    {
        _brokers = brokers;
        All = all;
    }

    /// <summary>All of them, as the application orders them.</summary>
    public IReadOnlyList<ApplicationTopic> All { get; }

    /// <summary>What takes messages that brokers send by themselves.</summary>
    public IEnumerable<IPushReceiver> Receivers => _brokers.SelectMany(broker => broker.Broker.Receivers);

    /// <summary>Finds the topics' brokers and connects to them. Nothing is received yet.</summary>
    /// <param name="application">The application.</param>
    /// <param name="infrastructure">Where its topics are.</param>
    /// <param name="placement">Which of its services run here.</param>
    /// <param name="databases">Its databases, one of which may be a broker.</param>
    /// <param name="provisions">Which brokers are to make what is missing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StartException">A topic has no broker, or a broker hasn't what it needs.</exception>
    /// <exception cref="BrokerException">A broker can't be reached.</exception>
    public static async Task<ApplicationTopics> OpenAsync(
        LoadedApplication application,
        InfrastructureConfig infrastructure,
        ServicePlacement placement,
        ApplicationDatabases databases,
        Func<BrokerConfig, bool> provisions,
        CancellationToken cancellation)
    {
        var schema = application.Schema;
        if (schema.Topics.Count == 0)
        {
            return new ApplicationTopics([], []);
        }

        var problems = new List<string>();
        var places = TopicPlaces.Find(schema, infrastructure.Brokers, problems);
        var factory = new BrokerFactory(application, databases, infrastructure.Metadata.BaseUrl, problems);
        var brokers = places.GroupBy(place => place.Broker).Select(group => factory.Create(group.Key, [.. group.Select(place => place.Topic)])).OfType<OpenBroker>().ToList();
        var topics = new ApplicationTopics(brokers, problems.Count > 0 ? [] : TopicsOf(schema, places, brokers, placement));
        try
        {
            foreach (var broker in brokers.Where(_ => problems.Count == 0))
            {
                var missing = await broker.Broker.PrepareAsync(provisions(broker.Config), cancellation);
                problems.AddRange(missing.Select(line => $"{broker.Config.Place}: {line}"));
            }

            return problems.Count == 0 ? topics : throw new StartException(problems);
        }
        catch
        {
            await topics.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers)
        {
            await broker.Broker.DisposeAsync();
        }
    }

    private static List<ApplicationTopic> TopicsOf(
        Application schema, IReadOnlyList<PlacedTopic> places, IReadOnlyList<OpenBroker> brokers, ServicePlacement placement)
    {
        var subscriptions = schema.Subscriptions
            .Select((subscription, index) => (Schema: subscription, Handler: schema.Endpoints.Count + index))
            .ToLookup(subscription => subscription.Schema.Topic);
        return [.. schema.Topics.Select((topic, index) =>
        {
            var place = places[index];
            return new ApplicationTopic(
                place.Topic,
                brokers.First(broker => broker.Config == place.Broker).Broker,
                new MessageEncoder(
                    schema,
                    topic.Message,
                    topic.Attributes.ToDictionary(attribute => attribute.Field, attribute => attribute.Name, StringComparer.Ordinal),
                    topic.OrderingAttribute.Length > 0 ? topic.OrderingAttribute : null),
                [.. subscriptions[(uint)index].Zip(place.Topic.Subscriptions, (subscription, settings) => new ApplicationSubscription(
                    settings,
                    subscription.Schema.HasService ? schema.Services[(int)subscription.Schema.Service].Name : "",
                    subscription.Handler,
                    !subscription.Schema.HasService || placement.IsHosted(subscription.Schema.Service)))])
            {
                MessageType = topic.Message,
            };
        })];
    }
}
