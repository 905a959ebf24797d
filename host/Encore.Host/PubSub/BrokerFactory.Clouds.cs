using Bridge.AzureServiceBus;
using Bridge.Core.PubSub;
using Bridge.GooglePubSub;
using Bridge.GooglePubSub.Push;
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
        var keys = Text(config, "push_keys_url") is { } address ? new Uri(address) : PushKeys.Address;
        if (keys.Scheme != Uri.UriSchemeHttps && !keys.IsLoopback)
        {
            Refuse(config, "push_keys_url", "who can change these keys on their way could send messages; give an https address");
            return null;
        }

        return new GooglePubSubBroker(
            new GooglePubSubOptions
            {
                ProjectId = config.Settings["project_id"],
                ServiceAccountKey = Text(config, "service_account_key"),
                Pushes = [.. PushesOf(config)],
                PushKeysAddress = keys,
            },
            topics);
    }

    private IEnumerable<GooglePush> PushesOf(BrokerConfig config) =>
        from topic in config.Topics ?? new Dictionary<string, TopicPlace>()
        from push in topic.Value.Pushed
        select new GooglePush
        {
            Topic = topic.Key,
            Subscription = push.Key,
            Id = push.Value.Id,
            ServiceAccount = push.Value.ServiceAccount,
            Audience = push.Value.Audience,
            Endpoint = baseUrl is null ? null : new Uri(baseUrl.TrimEnd('/') + PushEndpoint.PathOf(push.Value.Id)),
        };

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
