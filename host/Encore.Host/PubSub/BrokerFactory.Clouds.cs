using Bridge.AzureServiceBus;
using Bridge.Core.PubSub;
using Bridge.GooglePubSub;
using Bridge.Sqs;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.PubSub;

/// <content>Brokers that clouds run.</content>
internal sealed partial class BrokerFactory
{
    private SqsBroker? CreateSqs(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        var (id, secret) = (Text(config, "access_key_id"), Text(config, "secret_access_key"));
        if (id is null != secret is null)
        {
            Refuse(config, "access_key_id", "access_key_id and secret_access_key go together: give both or neither");
            return null;
        }

        return new SqsBroker(
            new SqsBrokerOptions
            {
                Region = Text(config, "region"),
                Endpoint = Text(config, "endpoint") is { } endpoint ? new Uri(endpoint) : null,
                AccessKeyId = id,
                SecretAccessKey = secret,
            },
            topics);
    }

    private GooglePubSubBroker? CreateGooglePubSub(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        var pushed = (config.Topics ?? new Dictionary<string, TopicPlace>()).Values.SelectMany(place => place.Pushed).ToList();
        foreach (var place in pushed)
        {
            problems.Add($"{place}: messages that the broker sends by itself aren't taken yet by this version of encore-host; make it a pull subscription");
        }

        return pushed.Count > 0
            ? null
            : new GooglePubSubBroker(
                new GooglePubSubOptions { ProjectId = config.Settings["project_id"], ServiceAccountKey = Text(config, "service_account_key") }, topics);
    }

    private ServiceBusBroker? CreateServiceBus(BrokerConfig config, IReadOnlyList<BrokerTopic> topics)
    {
        if (config.Tls is { SkipsAuthority: true } or { SkipsHostname: true } or { Client: not null })
        {
            Refuse(config, "tls_config", "Service Bus is checked whole and takes no certificates of clients; only ca can be given");
            return null;
        }

        try
        {
            return new ServiceBusBroker(
                new ServiceBusBrokerOptions
                {
                    ConnectionString = config.Settings["connection_string"],
                    SignIn = Text(config, "sasl_mechanism") == "PLAIN" ? ServiceBusSignIn.Password : ServiceBusSignIn.Token,
                    ManagementEndpoint = Text(config, "management_endpoint") is { } endpoint ? new Uri(endpoint) : null,
                    Prefix = Text(config, "name_prefix") ?? "",
                    Authority = config.Tls?.Authority,
                },
                topics);
        }
        catch (BrokerException error)
        {
            Refuse(config, "connection_string", $"{error.Message} {error.Help}");
            return null;
        }
    }
}
