using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Bridge.GooglePubSub;

/// <summary>Looks that topics and subscriptions are there, and makes them. Thread: one at a time.</summary>
/// <param name="connection">The service.</param>
/// <param name="names">Their names.</param>
/// <param name="provision">Whether to make what is missing.</param>
internal sealed class Provisioner(GoogleConnection connection, GoogleNames names, bool provision)
{
    // The most that is granted. The host itself gives up what is too old, and keeps it: Pub/Sub would only drop it.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(31);

    // The most that every service grants, older ones and emulators too.
    private static readonly TimeSpan CommonRetention = TimeSpan.FromDays(7);

    // https://cloud.google.com/pubsub/docs/handling-failures: from 5 to 100. With fewer, Pub/Sub would give up before the host does.
    private const int MaxDeliveries = 100;

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

    private Subscription Describe(BrokerTopic topic, BrokerSubscription subscription) => new()
    {
        Name = names.SubscriptionOf(subscription),
        Topic = names.TopicOf(topic),
        AckDeadlineSeconds = (int)Math.Clamp(Math.Ceiling(subscription.AckDeadline.TotalSeconds), 10, 600),
        MessageRetentionDuration = Duration.FromTimeSpan(Retention),
        EnableMessageOrdering = topic.IsOrdered,
        EnableExactlyOnceDelivery = topic.Guarantee == DeliveryGuarantee.ExactlyOnce,
        ExpirationPolicy = new ExpirationPolicy(),

        // It makes Pub/Sub count deliveries.
        DeadLetterPolicy = subscription.Retry.MaxRetries == RetryPolicy.Unlimited
            ? null
            : new DeadLetterPolicy { DeadLetterTopic = names.DeadTopicOf(subscription), MaxDeliveryAttempts = MaxDeliveries },
    };

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
        if (await IsThereAsync($"looking for Pub/Sub topic {path}", options => connection.Publisher.GetTopicAsync(get, options), cancellation))
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
        if (await IsThereAsync(what, options => connection.Subscriber.GetSubscriptionAsync(get, options), cancellation))
        {
            return;
        }

        if (!provision || !hasTopic)
        {
            _missing.Add($"Pub/Sub subscription {wanted.Name} to topic {wanted.Topic}{use}");
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

    private async Task<bool> IsThereAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        try
        {
            await connection.RepeatAsync(what, call, cancellation);
            return true;
        }
        catch (BrokerException error) when (error.InnerException is RpcException { StatusCode: StatusCode.NotFound })
        {
            return false;
        }
        catch (BrokerException error) when (!provision && error.InnerException is RpcException { StatusCode: StatusCode.PermissionDenied })
        {
            // Who may only publish and receive can't look.
            return true;
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
