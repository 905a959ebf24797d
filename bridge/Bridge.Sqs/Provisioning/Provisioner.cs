using System.Globalization;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;
using Bridge.Sqs.Topics;

namespace Bridge.Sqs.Provisioning;

/// <summary>Looks that topics, queues and the subscriptions between them are there, and makes them. Thread: one at a time.</summary>
/// <param name="connection">The services.</param>
/// <param name="sns">SNS.</param>
/// <param name="places">What is found.</param>
/// <param name="provision">Whether to make what is missing.</param>
internal sealed class Provisioner(AwsConnection connection, SnsClient sns, Places places, bool provision)
{
    // The host itself gives up what is too old, and keeps it: SQS would only drop it.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    private static readonly List<string> PolicyAndArn = ["Policy", "QueueArn"];

    private readonly List<string> _missing = [];

    /// <summary>Looks at all topics.</summary>
    /// <returns>What is missing, one line each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<BrokerTopic> topics, CancellationToken cancellation)
    {
        foreach (var topic in topics)
        {
            var place = await TopicAsync(topic, cancellation);
            var subscribed = place is null || topic.Subscriptions.Count == 0 ? [] : await LookAsync(() => SubscribedAsync(topic, place, cancellation));
            foreach (var subscription in topic.Subscriptions)
            {
                await SubscriptionAsync(topic, place, subscription, subscribed, cancellation);
            }
        }

        return _missing;
    }

    private async Task<TopicPlace?> TopicAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var name = places.NameOf(topic);
        CheckFifo(topic, name.IsFifo, $"SNS topic {name.Name}");
        CheckRegion(name, $"SNS topic {name.Name}");
        if (await places.FindTopicAsync(name, cancellation) is { } found)
        {
            return found;
        }

        if (!provision)
        {
            _missing.Add($"SNS topic {name.Arn ?? name.Name}");
            return null;
        }

        var form = new SnsForm("CreateTopic").Add("Name", name.Name);
        if (name.IsFifo)
        {
            form.Add("Attributes.entry", 1, "key", "FifoTopic").Add("Attributes.entry", 1, "value", "true")
                .Add("Attributes.entry", 2, "key", "FifoThroughputScope").Add("Attributes.entry", 2, "value", "MessageGroup");
        }

        var made = await sns.SendAsync($"making SNS topic {name.Name}", form, isRepeatable: true, cancellation);
        var arn = SnsClient.Child(made, "TopicArn")?.Value ?? throw new BrokerException($"making SNS topic {name.Name}: SNS gave it no ARN");
        if (name.Arn is { } wanted && wanted != arn)
        {
            throw new BrokerException($"SNS topic {wanted} isn't there, and the host's credentials make topics elsewhere: {arn}", "make it by hand, or correct the ARN", isTransient: false);
        }

        return places.Know(name, arn);
    }

    private async Task SubscriptionAsync(
        BrokerTopic topic, TopicPlace? place, BrokerSubscription subscription, HashSet<string>? subscribed, CancellationToken cancellation)
    {
        var name = places.NameOf(topic, subscription);
        CheckFifo(topic, name.IsFifo, $"SQS queue {name.Name}");
        CheckRegion(name, $"SQS queue {name.Name}");
        var queue = await QueueAsync(name, subscription.AckDeadline, $"SQS queue {name.Arn ?? name.Name}", cancellation);
        var deadName = new AwsName { Name = name.DeadLetterName(), Account = name.Account };
        await QueueAsync(deadName, ackDeadline: null, $"SQS queue {deadName.Name} for the dead letters of {name.Name}", cancellation);
        if (queue is null || place is null || await LookAsync(() => AttributesAsync(queue, cancellation)) is not var (arn, policy)
            || subscribed?.Contains(arn) != false)
        {
            return;
        }

        if (!provision)
        {
            _missing.Add($"SNS subscription of queue {arn} to topic {place.Arn}");
            return;
        }

        if (QueuePolicy.Allow(policy, arn, place.Arn) is { } allowed)
        {
            await ChangeAsync(queue, "Policy", allowed, cancellation);
        }

        var form = new SnsForm("Subscribe").Add("TopicArn", place.Arn).Add("Protocol", "sqs").Add("Endpoint", arn).Add("ReturnSubscriptionArn", "true");
        await sns.SendAsync($"subscribing SQS queue {queue.Name} to SNS topic {place.Arn}", form, isRepeatable: true, cancellation);
    }

    private async Task<SqsQueue?> QueueAsync(AwsName name, TimeSpan? ackDeadline, string line, CancellationToken cancellation)
    {
        if (await places.FindQueueAsync(name, cancellation) is { } found)
        {
            return found;
        }

        if (!provision)
        {
            _missing.Add(line);
            return null;
        }

        var request = new CreateQueueRequest
        {
            QueueName = name.Name,
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["MessageRetentionPeriod"] = ((int)Retention.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                ["VisibilityTimeout"] = SqsQueue.Seconds(ackDeadline ?? TimeSpan.FromSeconds(30)).ToString(CultureInfo.InvariantCulture),
            },
        };
        if (name.IsFifo)
        {
            request.Attributes["FifoQueue"] = "true";
            request.Attributes["DeduplicationScope"] = "messageGroup";
            request.Attributes["FifoThroughputLimit"] = "perMessageGroupId";
        }

        var what = $"making SQS queue {name.Name}";
        var made = await places.AskAsync(what, () => connection.Sqs.CreateQueueAsync(request, cancellation), cancellation);
        return places.KnowQueue(made!.QueueUrl);
    }

    private async Task<HashSet<string>> SubscribedAsync(BrokerTopic topic, TopicPlace place, CancellationToken cancellation)
    {
        var queues = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var form = new SnsForm("ListSubscriptionsByTopic").Add("TopicArn", place.Arn);
            if (next is not null)
            {
                form.Add("NextToken", next);
            }

            var page = await sns.SendAsync($"looking at the subscriptions of SNS topic {topic.Name}", form, isRepeatable: true, cancellation);
            foreach (var member in SnsClient.Child(page, "Subscriptions")?.Elements() ?? [])
            {
                queues.Add(SnsClient.Child(member, "Endpoint")?.Value ?? "");
            }

            next = SnsClient.Child(page, "NextToken")?.Value is { Length: > 0 } token ? token : null;
        }
        while (next is not null);
        return queues;
    }

    /// <returns>null where the host may not look, and needn't: who may only publish and receive takes it as it is.</returns>
    private async Task<T?> LookAsync<T>(Func<Task<T>> look)
        where T : class
    {
        try
        {
            return await look();
        }
        catch (BrokerException error) when (!provision && AwsFailures.IsDenied(error))
        {
            return null;
        }
    }

    private async Task<Tuple<string, string?>> AttributesAsync(SqsQueue queue, CancellationToken cancellation)
    {
        var request = new GetQueueAttributesRequest { QueueUrl = queue.Url, AttributeNames = PolicyAndArn };
        var what = $"looking at SQS queue {queue.Name}";
        var response = await places.AskAsync(what, () => connection.Sqs.GetQueueAttributesAsync(request, cancellation), cancellation)
            ?? throw new BrokerException($"SQS queue {queue.Url} isn't there", "make it, or correct its URL", isTransient: false);
        var attributes = response.Attributes ?? [];
        return Tuple.Create(attributes.GetValueOrDefault("QueueArn", ""), attributes.GetValueOrDefault("Policy"));
    }

    private async Task ChangeAsync(SqsQueue queue, string name, string value, CancellationToken cancellation)
    {
        var request = new SetQueueAttributesRequest
        {
            QueueUrl = queue.Url,
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value },
        };
        await places.AskAsync($"changing the {name} of SQS queue {queue.Name}", () => connection.Sqs.SetQueueAttributesAsync(request, cancellation), cancellation);
    }

    private static void CheckFifo(BrokerTopic topic, bool isFifo, string what)
    {
        if (Places.NeedsFifo(topic) && !isFifo)
        {
            var promise = topic.IsOrdered ? "ordered" : "exactly-once";
            throw new BrokerException(
                $"topic {topic.Name} is {promise}, but {what} is no FIFO one", "give one whose name ends in .fifo, or take the promise from the topic", isTransient: false);
        }
    }

    private void CheckRegion(AwsName name, string what)
    {
        if (name.Region is { } region && region != connection.Region)
        {
            throw new BrokerException(
                $"{what} is in {region}, but its broker works in {connection.Region}", "list topics of another region under a broker of their own", isTransient: false);
        }
    }
}
