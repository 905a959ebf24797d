namespace Encore.Host.Configuration.Infrastructure;

/// <summary>Reads <c>pubsub</c>, whose form has been checked.</summary>
/// <param name="problems">Receives what is wrong besides the form.</param>
internal sealed class PubSubReader(ConfigProblems problems)
{
    // What isn't a way to reach the broker.
    private static readonly string[] OwnKeys = ["type", "topics", "provision", "tls_config"];

    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pushIds = new(StringComparer.Ordinal);
    private string? _rest;

    /// <summary>The brokers.</summary>
    public IReadOnlyList<BrokerConfig> Read(ConfigNode? section) => [.. (section?.Elements ?? []).Select(ReadBroker)];

    private BrokerConfig ReadBroker(ConfigNode broker)
    {
        if (broker["deflate_level"] is { } level && broker["compression"]?.Text != "deflate")
        {
            problems.Add(level.Offset, level.Path, "this is for compression \"deflate\" only; set that, or leave the level out");
        }

        return new(broker.Path, broker["type"]!.Text)
        {
            Provisions = broker["provision"]?.Text != "false",
            Topics = ReadTopics(broker),
            Settings = Flatten(broker),
            Tls = broker["tls_config"] is { } tls && !IsOn(tls["disabled"]) ? ReadTls(tls) : null,
        };
    }

    private Dictionary<string, TopicPlace>? ReadTopics(ConfigNode broker)
    {
        if (broker["topics"] is not { } topics)
        {
            if (_rest is { } other)
            {
                problems.Add(broker.Offset, broker.PathOf("topics"), $"{other} takes all topics that stand nowhere else already; list this one's topics");
            }

            _rest = broker.Path;
            return null;
        }

        var places = new Dictionary<string, TopicPlace>(StringComparer.Ordinal);
        foreach (var member in topics.Members)
        {
            if (!_topics.Add(member.Name))
            {
                problems.Add(member.Offset, member.Value.Path, "this topic stands on another broker already; remove one of the two");
            }

            var subscriptions = (member.Value["subscriptions"]?.Members ?? []).ToDictionary(
                subscription => subscription.Name, subscription => AddressOf(subscription, "subscriptions"), StringComparer.Ordinal);
            places[member.Name] = new TopicPlace(AddressOf(member, "topics"), subscriptions) { Pushed = PushedOf(member.Value) };
        }

        return places;
    }

    private Dictionary<string, PushConfig> PushedOf(ConfigNode topic)
    {
        var pushed = new Dictionary<string, PushConfig>(StringComparer.Ordinal);
        foreach (var subscription in topic["subscriptions"]?.Members ?? [])
        {
            if (subscription.Value["push_config"] is not { } push)
            {
                continue;
            }

            var id = push["id"]!;
            if (id.Text.Length == 0 || id.Text.Contains('/', StringComparison.Ordinal) || !_pushIds.Add(id.Text))
            {
                problems.Add(id.Offset, id.Path, "the id is a part of the path that messages come to: not empty, without slashes, and no other subscription's; give it another");
            }

            pushed[subscription.Name] = new PushConfig(id.Text, push["service_account"]!.Text, push["jwt_audience"]!.Text);
        }

        return pushed;
    }

    // Of Google's, one of another project has that project's name in its own.
    private static string AddressOf(ConfigMember member, string kind)
    {
        var name = (member.Value["name"] ?? member.Value["arn"])?.Text ?? member.Name;
        return member.Value["project_id"] is { } project ? $"projects/{project.Text}/{kind}/{name}" : name;
    }

    private static Dictionary<string, string> Flatten(ConfigNode broker) =>
        broker.Members.Where(member => !OwnKeys.Contains(member.Name, StringComparer.Ordinal) && member.Value.Kind is not (ConfigKind.Object or ConfigKind.Array))
            .ToDictionary(member => member.Name, member => member.Value.Text, StringComparer.Ordinal);

    private static BrokerTls ReadTls(ConfigNode tls) => new(
        tls["ca"]?.Text,
        tls["client_cert"] is { } client ? (client["cert"]!.Text, client["key"]!.Text) : null,
        IsOn(tls["disable_tls_hostname_verification"]),
        IsOn(tls["disable_ca_validation"]));

    private static bool IsOn(ConfigNode? node) => node?.Text == "true";
}
