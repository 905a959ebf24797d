using System.Globalization;
using Bridge.Core.PubSub;
using Bridge.Nats.JetStream;

namespace Bridge.Nats;

/// <summary>Looks for the streams and consumers of topics, and makes those that are missing where it may.</summary>
/// <param name="api">JetStream.</param>
/// <param name="options">How things are named and kept.</param>
/// <param name="mayMake">Whether to make and change anything.</param>
internal sealed class Provisioning(JetStreamApi api, NatsBrokerOptions options, bool mayMake)
{
    private static readonly TimeSpan ShortMemory = TimeSpan.FromMinutes(10);

    private readonly List<string> _missing = [];

    /// <summary>What is missing or won't do, one line each.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Sees to a topic.</summary>
    internal async Task PrepareAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var stream = NatsNames.Stream(options, topic);
        var isSwept = AcknowledgedSweeper.IsNeeded(api.ServerVersion);
        var memory = topic is { Guarantee: DeliveryGuarantee.ExactlyOnce, Subscriptions.Count: > 0 }
            ? topic.Subscriptions.Max(subscription => subscription.MessageRetention)
            : ShortMemory;
        await PrepareAsync(
            new StreamConfig
            {
                Name = stream,
                Subjects = [NatsNames.AllSubjects(stream)],
                Retention = isSwept ? "limits" : "interest",
                Description = isSwept ? AcknowledgedSweeper.Mark : null,
                DuplicateWindow = Nanoseconds(memory),
                NumReplicas = options.Replicas,
            },
            cancellation);
        foreach (var subscription in topic.Subscriptions)
        {
            var dead = NatsNames.DeadLetters(stream, subscription);
            await PrepareAsync(
                new StreamConfig { Name = dead, Subjects = [dead], DuplicateWindow = Nanoseconds(ShortMemory), NumReplicas = options.Replicas },
                cancellation);
            await Task.WhenAll(Consumers(stream, topic, subscription).Select(consumer => PrepareAsync(stream, consumer, cancellation)));
        }
    }

    private static IEnumerable<ConsumerConfig> Consumers(string stream, BrokerTopic topic, BrokerSubscription subscription)
    {
        var wait = Nanoseconds(subscription.AckDeadline);
        yield return new ConsumerConfig
        {
            DurableName = NatsNames.Consumer(subscription),
            AckWait = wait,
            FilterSubject = topic.IsOrdered ? NatsNames.Subject(stream) : null,
        };
        for (var lane = 0; topic.IsOrdered && lane < NatsNames.Lanes; lane++)
        {
            // One message in work at a time is what keeps the order over retries and processes.
            yield return new ConsumerConfig
            {
                DurableName = NatsNames.Consumer(subscription, lane),
                AckWait = wait,
                FilterSubject = NatsNames.Subject(stream, lane),
                MaxAckPending = 1,
            };
        }
    }

    private async Task PrepareAsync(StreamConfig wanted, CancellationToken cancellation)
    {
        var found = (await api.StreamAsync(wanted.Name, cancellation))?.Config;
        if (found is null && mayMake)
        {
            await api.CreateAsync(wanted, cancellation);
        }
        else if (found is null)
        {
            Note($"stream {wanted.Name} (subjects {string.Join(", ", wanted.Subjects)}; retention {wanted.Retention}; discard new)");
        }
        else if (!wanted.Subjects.All(found.Subjects.Contains))
        {
            Note($"stream {wanted.Name} doesn't take the subjects {string.Join(", ", wanted.Subjects)}: it takes {string.Join(", ", found.Subjects)}");
        }
        else if (found.Discard == "old" && (found.MaxMsgs > 0 || found.MaxBytes > 0))
        {
            Note($"stream {wanted.Name} would lose messages past its limits: set its discard policy to new");
        }
        else if (found.Retention == "workqueue")
        {
            Note($"stream {wanted.Name} has the retention workqueue, which can't serve several subscriptions: make it with {wanted.Retention}");
        }
    }

    private async Task PrepareAsync(string stream, ConsumerConfig wanted, CancellationToken cancellation)
    {
        var found = await api.ConsumerAsync(stream, wanted.DurableName, cancellation);
        if (found?.Config is { } config && Fits(config, wanted))
        {
            return;
        }

        if (mayMake)
        {
            await api.PutAsync(stream, wanted, cancellation);
            return;
        }

        var filter = wanted.FilterSubject is { } subject ? $"; filter_subject {subject}" : "";
        var seconds = (wanted.AckWait / 1e9).ToString(CultureInfo.InvariantCulture);
        var properties = $"pull; ack_policy explicit; ack_wait {seconds} s; max_deliver -1; max_ack_pending {wanted.MaxAckPending}{filter}";
        Note(found is null
            ? $"consumer {wanted.DurableName} of stream {stream} ({properties})"
            : $"consumer {wanted.DurableName} of stream {stream} would lose or mix up messages: it has to be {properties}");
    }

    // A shorter wait than asked for could end while a handler's lease is being asked for anew; any other difference does no harm.
    private static bool Fits(ConsumerConfig found, ConsumerConfig wanted) =>
        found.DeliverSubject is null
        && found.AckPolicy == wanted.AckPolicy
        && found.MaxDeliver <= 0
        && found.AckWait >= wanted.AckWait
        && (wanted.MaxAckPending != 1 || found.MaxAckPending == 1)
        && (wanted.MaxAckPending == 1 || found.MaxAckPending <= 0 || found.MaxAckPending >= 1000)
        && (found.FilterSubject ?? "") == (wanted.FilterSubject ?? "");

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private void Note(string line)
    {
        // Lanes are looked at side by side.
        lock (_missing)
        {
            _missing.Add(line);
        }
    }
}
