using System.Collections.Concurrent;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;
using Bridge.Sqs.Queues;
using Bridge.Sqs.Topics;

namespace Bridge.Sqs.Provisioning;

/// <summary>Where topics and queues are. What was found once isn't looked for again. Thread: any.</summary>
/// <param name="connection">The services.</param>
/// <param name="sns">SNS.</param>
internal sealed class Places(AwsConnection connection, SnsClient sns)
{
    private readonly ConcurrentDictionary<string, TopicPlace> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SqsQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>A topic as SNS knows it.</summary>
    /// <param name="topic">The topic.</param>
    public AwsName NameOf(BrokerTopic topic)
    {
        var name = AwsName.Parse(topic.Address);
        return name.IsPlain ? name with { Name = WithSuffix(connection.Options.NamePrefix + name.Name, NeedsFifo(topic)) } : name;
    }

    /// <summary>A subscription's queue as SQS knows it. One that is given as a plain name belongs to its topic, whose name stands before it.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="subscription">The subscription.</param>
    public AwsName NameOf(BrokerTopic topic, BrokerSubscription subscription)
    {
        var name = AwsName.Parse(subscription.Address);
        if (!name.IsPlain)
        {
            return name;
        }

        var topicName = NameOf(topic).Name;
        var isFifo = topicName.EndsWith(AwsName.FifoSuffix, StringComparison.Ordinal);
        var stem = $"{(isFifo ? topicName[..^AwsName.FifoSuffix.Length] : topicName)}-{name.Name}";
        return name with { Name = AwsName.FitQueueName(stem, isFifo ? AwsName.FifoSuffix : "") };
    }

    /// <summary>Whether a topic promises what only FIFO topics and queues keep.</summary>
    public static bool NeedsFifo(BrokerTopic topic) => topic.IsOrdered || topic.Guarantee == DeliveryGuarantee.ExactlyOnce;

    /// <summary>A topic that must be there.</summary>
    /// <exception cref="BrokerException">It isn't, or SNS can't be reached.</exception>
    public async Task<TopicPlace> TopicAsync(BrokerTopic topic, CancellationToken cancellation) =>
        await FindTopicAsync(NameOf(topic), cancellation)
        ?? throw new BrokerException($"SNS topic {NameOf(topic).Name} isn't there", "make it, or let the host: provision", isTransient: false);

    /// <summary>A queue that must be there.</summary>
    /// <exception cref="BrokerException">It isn't, or SQS can't be reached.</exception>
    public async Task<SqsQueue> QueueAsync(AwsName name, CancellationToken cancellation) =>
        await FindQueueAsync(name, cancellation)
        ?? throw new BrokerException($"SQS queue {name.Name} isn't there", "make it, or let the host: provision", isTransient: false);

    /// <summary>Looks for a topic.</summary>
    public async Task<TopicPlace?> FindTopicAsync(AwsName name, CancellationToken cancellation)
    {
        if (_topics.TryGetValue(name.Name, out var known))
        {
            return known;
        }

        var arn = name.Arn is { } given ? await IsThereAsync(given, cancellation) ? given : null : await SearchAsync(name.Name, cancellation);
        return arn is null ? null : Know(name, arn);
    }

    /// <summary>Takes note of a topic.</summary>
    public TopicPlace Know(AwsName name, string arn) => _topics[name.Name] = new TopicPlace(arn, name.IsFifo);

    /// <summary>Looks for a queue.</summary>
    public async Task<SqsQueue?> FindQueueAsync(AwsName name, CancellationToken cancellation)
    {
        if (_queues.TryGetValue(name.Name, out var known))
        {
            return known;
        }

        if (name.Url is { } url)
        {
            return KnowQueue(url);
        }

        var request = new GetQueueUrlRequest { QueueName = name.Name, QueueOwnerAWSAccountId = name.Account };
        return await AskAsync($"looking for SQS queue {name.Name}", () => connection.Sqs.GetQueueUrlAsync(request, cancellation), cancellation) is { } response
            ? KnowQueue(response.QueueUrl)
            : null;
    }

    /// <summary>Takes note of a queue.</summary>
    public SqsQueue KnowQueue(string url) => _queues.GetOrAdd(AwsName.Parse(url).Name, static (_, place) => new SqsQueue(place.connection, place.url), (connection, url));

    /// <summary>Asks SQS for something, again while it is away.</summary>
    /// <returns>null where the queue isn't there.</returns>
    public Task<T?> AskAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
        where T : class =>
        Persistence.RunAsync(
            async () =>
            {
                try
                {
                    return await call();
                }
                catch (Exception error) when (AwsFailures.IsMissingQueue(error))
                {
                    return (T?)null;
                }
                catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
                {
                    throw AwsFailures.Translate(what, error);
                }
            },
            error => error.IsTransient,
            connection.Time,
            cancellation);

    private static string WithSuffix(string name, bool isFifo) =>
        isFifo && !name.EndsWith(AwsName.FifoSuffix, StringComparison.Ordinal) ? name + AwsName.FifoSuffix : name;

    private async Task<bool> IsThereAsync(string arn, CancellationToken cancellation)
    {
        try
        {
            var form = new SnsForm("GetTopicAttributes").Add("TopicArn", arn);
            await sns.SendAsync($"looking for SNS topic {arn}", form, isRepeatable: true, cancellation);
            return true;
        }
        catch (BrokerException error) when (error.InnerException is SnsRefusalException { Code: "NotFound" or "NotFoundException" })
        {
            return false;
        }
        catch (BrokerException error) when (AwsFailures.IsDenied(error))
        {
            // Who may only publish can't look; the ARN is as good as its writer.
            return true;
        }
    }

    private async Task<string?> SearchAsync(string name, CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var form = new SnsForm("ListTopics");
            if (next is not null)
            {
                form.Add("NextToken", next);
            }

            var page = await sns.SendAsync($"looking for SNS topic {name}", form, isRepeatable: true, cancellation);
            var arns = SnsClient.Child(page, "Topics")?.Elements().Select(member => SnsClient.Child(member, "TopicArn")?.Value).OfType<string>() ?? [];
            if (arns.FirstOrDefault(arn => arn.EndsWith(":" + name, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            next = SnsClient.Child(page, "NextToken")?.Value is { Length: > 0 } token ? token : null;
        }
        while (next is not null);
        return null;
    }
}
