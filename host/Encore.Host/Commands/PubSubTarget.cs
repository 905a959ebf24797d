using System.CommandLine;
using Bridge.Core.PubSub;
using Encore.Host.Databases;
using Encore.Host.Hosting;
using Encore.Host.PubSub;
using Encore.Host.ServiceCalls;

namespace Encore.Host.Commands;

/// <summary>Which subscriptions of which application a command is for.</summary>
/// <param name="Application">The path that names the application.</param>
/// <param name="Subscription">"topic/subscription", or a topic alone for all of its; null for all.</param>
/// <param name="ConfigPath">The infrastructure's configuration; null for ENCORE_INFRA_CONFIG_PATH's.</param>
internal sealed record PubSubTarget(string Application, string? Subscription, string? ConfigPath)
{
    /// <summary>The argument that names one subscription.</summary>
    public static Argument<string> One() => new("subscription") { Description = "A subscription: its topic's name, a slash, its own.", HelpName = "topic/subscription" };

    /// <summary>The option that names the application.</summary>
    public static Option<string> App() => new("--app", "-a")
    {
        Description = "A built app.js (or its folder), or an application's folder or file, which is built first if it has changed.",
        HelpName = "app.js|app.ts|folder",
        DefaultValueFactory = _ => ".",
    };

    /// <summary>The option that names the configuration.</summary>
    public static Option<string?> Infrastructure() => new("--infra-config")
    {
        Description = "The infrastructure's configuration. [default: ENCORE_INFRA_CONFIG_PATH's]",
        HelpName = "infra.config.json",
    };

    /// <summary>Opens the brokers and works with the subscriptions that are meant.</summary>
    /// <returns>The command's exit code.</returns>
    public async Task<int> RunAsync(Func<IReadOnlyList<DeadLetterPlace>, Task<int>> work, CancellationToken cancellation)
    {
        var target = new DbTarget(Application, Database: null, ConfigPath);
        var (application, infrastructure, code) = await target.LoadApplicationAsync(cancellation);
        if (application is null)
        {
            return code;
        }

        try
        {
            var needsDatabases = infrastructure.Brokers.Any(broker => broker.Type == BrokerFactory.PostgresType);
            await using var databases = needsDatabases
                ? await ApplicationDatabases.OpenAsync(application, infrastructure, DbTarget.Notices, cancellation)
                : ApplicationDatabases.None;
            await using var topics = await ApplicationTopics.OpenAsync(
                application, infrastructure, ServicePlacement.AllOf(application.Schema), databases, broker => broker.Type == BrokerFactory.EmbeddedType, cancellation);
            return Find(topics) is { } places ? await work(places) : ExitCodes.Usage;
        }
        catch (Exception error) when (StartFailure.Report(error) is { } failure)
        {
            return failure;
        }
    }

    /// <summary>The same with the one subscription that is meant.</summary>
    /// <returns>The command's exit code.</returns>
    public Task<int> RunForOneAsync(Func<DeadLetterPlace, Task<int>> work, CancellationToken cancellation) => RunAsync(
        places =>
        {
            if (places is [var place])
            {
                return work(place);
            }

            Terminal.WriteError($"topic {Subscription} has several subscriptions; name one", string.Join(", ", places.Select(one => one.Name)));
            return Task.FromResult(ExitCodes.Usage);
        },
        cancellation);

    private List<DeadLetterPlace>? Find(ApplicationTopics topics)
    {
        var all = topics.All.SelectMany(topic => topic.Subscriptions.Select(
            subscription => new DeadLetterPlace(subscription.Subscription, topic.Broker))).ToList();
        var meant = all.Where(place => Subscription is null || place.Name == Subscription || place.Subscription.Topic == Subscription).ToList();
        if (meant.Count > 0)
        {
            return meant;
        }

        Terminal.WriteError(
            Subscription is null ? "the application has no subscriptions" : $"the application has no subscription {Subscription}",
            all.Count == 0 ? "declare one: new Subscription(topic, \"name\", { handler })" : "it has " + string.Join(", ", all.Select(place => place.Name)));
        return null;
    }
}

/// <summary>Where a subscription's dead letters are.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Broker">The broker of its topic.</param>
internal sealed record DeadLetterPlace(BrokerSubscription Subscription, IMessageBroker Broker)
{
    /// <summary>As commands name it: "topic/subscription".</summary>
    public string Name => $"{Subscription.Topic}/{Subscription.Name}";

    /// <summary>The dead letters.</summary>
    public IDeadLetters Letters => Broker.DeadLettersOf(Subscription);
}
