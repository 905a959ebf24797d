using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Provisioning;

/// <summary>Looks for topics and subscriptions, and makes those that are missing where it may.</summary>
/// <remarks>A policy without the right Manage can't ask what there is: then it is seen by whether links can be attached.</remarks>
/// <param name="connection">The connection.</param>
/// <param name="entities">What makes them.</param>
/// <param name="mayMake">Whether to make anything.</param>
internal sealed class Provisioner(ServiceBusConnection connection, EntityClient entities, bool mayMake)
{
    private const int AtATime = 8;

    /// <summary>Sees to topics.</summary>
    /// <returns>What is missing or won't do, one line each.</returns>
    internal async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<BrokerTopic> topics, CancellationToken cancellation)
    {
        // What can't be reached, or doesn't let this process in, says so here.
        await connection.LineAsync(cancellation);
        var missing = new List<string>();
        foreach (var some in topics.Chunk(AtATime))
        {
            missing.AddRange((await Task.WhenAll(some.Select(topic => PrepareAsync(topic, cancellation)))).SelectMany(lines => lines));
        }

        return missing;
    }

    private async Task<List<string>> PrepareAsync(BrokerTopic topic, CancellationToken cancellation)
    {
        var missing = new List<string>();
        var name = EntityPlace.TopicOf(connection.Options, topic);
        var knowsAgain = topic.Guarantee == DeliveryGuarantee.ExactlyOnce;
        var line = $"topic {name}{(knowsAgain ? " (with duplicate detection)" : "")}";
        var found = await FindAsync(name, EntityDescriptions.Topic, () => TryPublishAsync(name, cancellation), cancellation);
        if (found.State == EntityState.Missing)
        {
            found = await MakeAsync(name, line, () => EntityDescriptions.Of(topic), missing, cancellation);
        }

        if (knowsAgain && found.Description is not null && !found.IsOn(EntityDescriptions.Deduplicates))
        {
            missing.Add($"{line}: the one that is there has none, which can't be changed");
        }

        foreach (var subscription in topic.Subscriptions)
        {
            await PrepareAsync(EntityPlace.Of(connection.Options, topic, subscription), EntityDescriptions.LockOf(subscription, connection.Options), missing, cancellation);
        }

        return missing;
    }

    private async Task PrepareAsync(EntityPlace place, TimeSpan lockTime, List<string> missing, CancellationToken cancellation)
    {
        var line = $"subscription {place.Subscription} of the topic {place.Topic}{(place.IsOrdered ? " (with sessions)" : "")}";
        var found = await FindAsync(place.Path, EntityDescriptions.Subscription, () => TryPeekAsync(place, cancellation), cancellation);
        if (found.State == EntityState.Missing)
        {
            found = await MakeAsync(place.Path, line, () => EntityDescriptions.Of(place, lockTime), missing, cancellation);
        }

        if (found.Description is not null && found.IsOn(EntityDescriptions.Sessions) != place.IsOrdered)
        {
            missing.Add($"{line}: the one that is there has {(place.IsOrdered ? "no sessions" : "sessions")}, which can't be changed");
        }
    }

    private async Task<EntityAnswer> FindAsync(string path, string kind, Func<Task<bool>> isThere, CancellationToken cancellation)
    {
        var found = await entities.FindAsync(path, kind, cancellation);
        return found.State == EntityState.Unknown && !await isThere() ? found with { State = EntityState.Missing } : found;
    }

    private async Task<EntityAnswer> MakeAsync(
        string path, string line, Func<System.Xml.Linq.XElement> describe, List<string> missing, CancellationToken cancellation)
    {
        if (!mayMake)
        {
            missing.Add(line);
            return default;
        }

        var made = await entities.MakeAsync(path, describe(), cancellation);
        if (made.State != EntityState.There)
        {
            missing.Add($"{line}: it can't be made, {made.Problem}; give the policy the right Manage");
        }

        return made;
    }

    private Task<bool> TryPublishAsync(string topic, CancellationToken cancellation) =>
        TryAsync(async () =>
        {
            var line = await connection.LineAsync(cancellation);
            await line.SenderAsync(topic, cancellation);
        });

    private Task<bool> TryPeekAsync(EntityPlace place, CancellationToken cancellation) =>
        TryAsync(() => new EntityManagement(connection, place.Path).PeekAsync(1, 1, cancellation));

    // A policy may have the right to publish and none to receive, or the other way round: then nothing is known, and nothing said.
    private static async Task<bool> TryAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return true;
        }
        catch (BrokerException error) when (Failures.Is(error, Failures.NotFound))
        {
            return false;
        }
        catch (BrokerException error) when (Failures.IsDenied(error))
        {
            return true;
        }
    }
}
