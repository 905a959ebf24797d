using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Bridge.GooglePubSub.Push;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RetryPolicy = Bridge.Core.PubSub.RetryPolicy;

namespace Bridge.GooglePubSub;

/// <summary>Looks that topics and subscriptions are there, and makes them. Thread: one at a time.</summary>
/// <param name="connection">The service.</param>
/// <param name="names">Their names.</param>
/// <param name="pushOf">How a subscription's messages are sent by the service; null where they are pulled.</param>
/// <param name="provision">Whether to make what is missing.</param>
internal sealed class Provisioner(GoogleConnection connection, GoogleNames names, Func<BrokerSubscription, GooglePush?> pushOf, bool provision)
{
    // The most that is granted. The host itself gives up what is too old, and keeps it: Pub/Sub would only drop it.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(31);

    // The most that every service grants, older ones and emulators too.
    private static readonly TimeSpan CommonRetention = TimeSpan.FromDays(7);

    // https://cloud.google.com/pubsub/docs/handling-failures: from 5 to 100. With fewer, Pub/Sub would give up before the host does.
    private const int MaxDeliveries = 100;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);

    private readonly List<string> _missing = [];

    /// <summary>Looks at all topics.</summary>
    /// <returns>What is missing, one line each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<BrokerTopic> topics, CancellationToken cancellation)
    {
        foreach (var topic in topics)
        {
            var isThere = await TopicAsync(names.TopicOf(topic), "", cancellation);
            foreach (var subscription in topic.Subscriptions)
            {
                var use = $" for the dead letters of {names.SubscriptionOf(subscription)}";
                var hasDeadTopic = await TopicAsync(names.DeadTopicOf(subscription), use, cancellation);
                await SubscriptionAsync(DeadOf(subscription), use, hasDeadTopic, cancellation);
                await SubscriptionAsync(Describe(topic, subscription), "", isThere, cancellation);
            }
        }

        return _missing;
    }

    private Subscription Describe(BrokerTopic topic, BrokerSubscription subscription)
    {
        var described = new Subscription
        {
            Name = names.SubscriptionOf(subscription),
            Topic = names.TopicOf(topic),
            AckDeadlineSeconds = (int)Math.Clamp(Math.Ceiling(subscription.AckDeadline.TotalSeconds), 10, 600),
            MessageRetentionDuration = Duration.FromTimeSpan(Retention),
            EnableMessageOrdering = topic.IsOrdered,
            ExpirationPolicy = new ExpirationPolicy(),

            // It makes Pub/Sub count deliveries.
            DeadLetterPolicy = subscription.Retry.MaxRetries == RetryPolicy.Unlimited
                ? null
                : new DeadLetterPolicy { DeadLetterTopic = names.DeadTopicOf(subscription), MaxDeliveryAttempts = MaxDeliveries },
        };
        if (pushOf(subscription) is not { } push)
        {
            described.EnableExactlyOnceDelivery = topic.Guarantee == DeliveryGuarantee.ExactlyOnce;
            return described;
        }

        // Exactly-once delivery is for who pulls: https://cloud.google.com/pubsub/docs/exactly-once-delivery.
        described.PushConfig = new PushConfig
        {
            PushEndpoint = push.Endpoint?.AbsoluteUri ?? "",
            OidcToken = new OidcToken { ServiceAccountEmail = push.ServiceAccount, Audience = push.Audience },
        };
        described.RetryPolicy = new Protocol.RetryPolicy { MinimumBackoff = BackoffOf(subscription.Retry.MinBackoff), MaximumBackoff = BackoffOf(subscription.Retry.MaxBackoff) };
        return described;
    }

    private static Duration BackoffOf(TimeSpan time) => Duration.FromTimeSpan(time < LongestBackoff ? time : LongestBackoff);

    private Subscription DeadOf(BrokerSubscription subscription) => new()
    {
        Name = names.DeadSubscriptionOf(subscription),
        Topic = names.DeadTopicOf(subscription),
        AckDeadlineSeconds = 60,
        MessageRetentionDuration = Duration.FromTimeSpan(Retention),
        ExpirationPolicy = new ExpirationPolicy(),
    };

    private async Task<bool> TopicAsync(string path, string use, CancellationToken cancellation)
    {
        var get = new GetTopicRequest { Topic = path };
        if ((await FindAsync($"looking for Pub/Sub topic {path}", options => connection.Publisher.GetTopicAsync(get, options), cancellation)).IsThere)
        {
            return true;
        }

        if (!provision)
        {
            _missing.Add($"Pub/Sub topic {path}{use}");
            return false;
        }

        await MakeAsync($"making Pub/Sub topic {path}", options => connection.Publisher.CreateTopicAsync(new Topic { Name = path }, options), cancellation);
        return true;
    }

    private async Task SubscriptionAsync(Subscription wanted, string use, bool hasTopic, CancellationToken cancellation)
    {
        var get = new GetSubscriptionRequest { Subscription = wanted.Name };
        var what = $"looking for Pub/Sub subscription {wanted.Name}";
        var (isThere, found) = await FindAsync(what, options => connection.Subscriber.GetSubscriptionAsync(get, options), cancellation);
        if (isThere)
        {
            Compare(wanted, found);
            return;
        }

        if (!provision || !hasTopic)
        {
            _missing.Add($"Pub/Sub subscription {wanted.Name} to topic {wanted.Topic}{use}");
            return;
        }

        if (wanted.PushConfig is { PushEndpoint: "" })
        {
            _missing.Add($"Pub/Sub subscription {wanted.Name} to topic {wanted.Topic}{use}: it can be made here where metadata.base_url says how this application is reached");
            return;
        }

        what = $"making Pub/Sub subscription {wanted.Name}";
        try
        {
            await MakeAsync(what, options => connection.Subscriber.CreateSubscriptionAsync(wanted, options), cancellation);
        }
        catch (BrokerException error) when (error.InnerException is RpcException { StatusCode: StatusCode.InvalidArgument })
        {
            wanted.MessageRetentionDuration = Duration.FromTimeSpan(CommonRetention);
            await MakeAsync(what, options => connection.Subscriber.CreateSubscriptionAsync(wanted, options), cancellation);
        }
    }

    /// <summary>Of a subscription that is there, tells where nothing would ever come of it.</summary>
    private void Compare(Subscription wanted, Subscription? found)
    {
        if (found is null)
        {
            return;
        }

        var endpoint = found.PushConfig?.PushEndpoint ?? "";
        if (wanted.PushConfig is not null && endpoint.Length == 0)
        {
            _missing.Add($"Pub/Sub subscription {wanted.Name}: it has no push endpoint; give it one, or take its push_config out of the configuration");
        }
        else if (wanted.PushConfig is null && endpoint.Length > 0)
        {
            _missing.Add($"Pub/Sub subscription {wanted.Name}: it pushes to {endpoint}; add its push_config to the configuration, or make it a pull subscription");
        }
    }

    /// <returns>Whether it is there, and what is known of it.</returns>
    private async Task<(bool IsThere, T? Found)> FindAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return (true, await connection.RepeatAsync(what, call, cancellation));
        }
        catch (BrokerException error) when (error.InnerException is RpcException { StatusCode: StatusCode.NotFound })
        {
            return (false, null);
        }
        catch (BrokerException error) when (!provision && error.InnerException is RpcException { StatusCode: StatusCode.PermissionDenied })
        {
            // Who may only publish and receive can't look.
            return (true, null);
        }
    }

    private async Task MakeAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        try
        {
            await connection.RepeatAsync(what, call, cancellation);
        }
        catch (BrokerException error) when (error.InnerException is RpcException { StatusCode: StatusCode.AlreadyExists })
        {
            // Another process was quicker.
        }
    }
}
