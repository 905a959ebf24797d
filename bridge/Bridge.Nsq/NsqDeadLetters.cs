using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>A subscription's dead letters: a topic of its own with one channel. Thread: any.</summary>
/// <remarks>
/// nsqd has no way to look at messages without taking them: to list is to take, and to give back. So what is listed or counted is
/// <see cref="DeadLetterReader.MaxHeld"/> at most, and two who look at the same time each see a part. nsqd keeps no order.
/// </remarks>
internal sealed class NsqDeadLetters(SubscriptionNames names, NsqFleet fleet) : IDeadLetters
{
    /// <inheritdoc/>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        await using var reader = await DeadLetterReader.OpenAsync(names.Dead, fleet, cancellation);
        return (await reader.ReadAllAsync(cancellation)).Count;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellation)
    {
        await using var reader = await DeadLetterReader.OpenAsync(names.Dead, fleet, cancellation);
        var letters = await reader.ReadAllAsync(cancellation);
        return [.. letters.Select(held => held.Letter).OrderBy(letter => letter.DiedAt).Take(max)];
    }

    /// <inheritdoc/>
    public Task<long> ReplayAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        RemoveAsync(ids, ReplayAsync, cancellation);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(IReadOnlyCollection<string>? ids, CancellationToken cancellation) =>
        RemoveAsync(ids, static _ => Task.CompletedTask, cancellation);

    private async Task<long> RemoveAsync(IReadOnlyCollection<string>? ids, Func<HeldLetter, Task> before, CancellationToken cancellation)
    {
        var began = DateTimeOffset.UtcNow;
        var wanted = ids?.ToHashSet(StringComparer.Ordinal);
        var removed = 0L;
        await using var reader = await DeadLetterReader.OpenAsync(names.Dead, fleet, cancellation);
        await reader.ReadEachAsync(async held =>
        {
            // Those that die from now on, perhaps by this very replay, aren't meant.
            if (wanted is null ? held.Letter.DiedAt > began : !wanted.Contains(held.Letter.Id))
            {
                return false;
            }

            await before(held);
            await held.Connection.SayAsync(NsqCommands.Finish(held.Letter.Id));
            removed++;
            return true;
        }, cancellation);
        return removed;
    }

    private Task ReplayAsync(HeldLetter held)
    {
        var envelope = new NsqEnvelope { Id = held.Letter.MessageId, Attributes = held.Letter.Attributes, Body = held.Letter.Body };

        // Not to be cancelled: it isn't to be unknown whether it is there.
        return fleet.PublishAsync(NsqCommands.Publish(names.Replay, envelope.Write()), CancellationToken.None);
    }
}
