using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Receiving;

/// <summary>A message of a subscription in the hands of this process.</summary>
internal abstract class ServiceBusDelivery : Delivery
{
    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas: of a property's text; both texts count as properties.
    private const int MaxText = 4096;

    /// <summary>The message as it came.</summary>
    internal required Message Message { get; init; }

    /// <summary>What came beside its body.</summary>
    internal required MessageFields Fields { get; init; }

    /// <summary>By what it came.</summary>
    internal required ReceiverLink Link { get; init; }

    /// <inheritdoc/>
    public override DateTimeOffset RetainedSince => Fields.RetainedSince is { } since && since > PublishedAt ? since : PublishedAt;

    /// <summary>Its lock's name.</summary>
    internal Guid Token => Message.DeliveryTag is { Length: 16 } tag ? new Guid(tag) : Guid.Empty;

    /// <summary>Which attempt a message is: the service counts from 0, and a copy carries what was before.</summary>
    internal static int AttemptOf(Message message, MessageFields fields) => fields.PastAttempts + (int)(message.Header?.DeliveryCount ?? 0) + 1;

    /// <summary>How long a lock is held for: what the service says, but no longer than was asked for, since clocks differ.</summary>
    internal static TimeSpan LeaseOf(DateTimeOffset? lockedUntil, DateTimeOffset now, TimeSpan asked)
    {
        var said = lockedUntil - now ?? asked;
        var lease = said < asked ? said : asked;
        return lease > TimeSpan.FromSeconds(1) ? lease : TimeSpan.FromSeconds(1);
    }

    /// <summary>The outcome of a message that comes again as the next attempt.</summary>
    internal static Modified Failed() => new() { DeliveryFailed = true };

    /// <summary>The outcome of a message that is given up.</summary>
    internal Rejected GivenUp(DeadLetterReason reason, DateTimeOffset now)
    {
        var info = new Fields();
        foreach (var (name, value) in Details(reason, now))
        {
            info[new Symbol(name)] = value;
        }

        return new Rejected { Error = new Error(new Symbol("com.microsoft:dead-letter")) { Info = info } };
    }

    /// <summary>As <see cref="GivenUp"/>, for a message whose link is gone.</summary>
    internal Map GivenUpDetails(DeadLetterReason reason, DateTimeOffset now)
    {
        var details = Details(reason, now);
        return new Map
        {
            ["deadletter-reason"] = details[MessageFields.ReasonName],
            ["deadletter-description"] = details[MessageFields.DescriptionName],
            ["properties-to-modify"] = new Map
            {
                [MessageFields.DiedName] = details[MessageFields.DiedName],
                [MessageFields.DeadAttemptsName] = details[MessageFields.DeadAttemptsName],
            },
        };
    }

    private Dictionary<string, object> Details(DeadLetterReason reason, DateTimeOffset now) => new(StringComparer.Ordinal)
    {
        [MessageFields.ReasonName] = reason.Cause.ToString(),
        [MessageFields.DescriptionName] = reason.Text.Length > MaxText ? reason.Text[..(MaxText - 1)] + "…" : reason.Text,
        [MessageFields.DiedName] = now.ToUnixTimeMilliseconds(),
        [MessageFields.DeadAttemptsName] = (long)Attempt,
    };
}
