using Bridge.Core.PubSub;
using Xunit;
using static Bridge.Core.Tests.PubSub.RunnerHarness;

namespace Bridge.Core.Tests.PubSub;

public sealed class LeaseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Lease_HandlerRuns_IsExtendedAtItsHalf()
    {
        var (harness, delivery, gate) = await FlyAsync();
        await using var end = harness;

        await PassAsync(harness, 29);
        Assert.Equal(0, delivery.Extensions);
        await PassAsync(harness, 2);
        Assert.Equal(1, delivery.Extensions);
        await PassAsync(harness, 28);
        Assert.Equal(1, delivery.Extensions);
        await PassAsync(harness, 300);
        Assert.InRange(delivery.Extensions, 10, 11);

        gate.SetResult(HandlingResult.Done);
        Assert.Equal("acknowledged", await delivery.End);
        var extensions = delivery.Extensions;
        await PassAsync(harness, 100);
        Assert.Equal(extensions, delivery.Extensions);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public async Task Lease_ShorterThanAskedFor_IsKeptToo()
    {
        var (harness, delivery, gate) = await FlyAsync(lease: TimeSpan.FromSeconds(4));
        await using var end = harness;

        await PassAsync(harness, 20);

        Assert.InRange(delivery.Extensions, 6, 10);
        gate.SetResult(HandlingResult.Done);
        await delivery.End;
    }

    [Fact]
    public async Task Lease_AsLongAsTheConnection_IsNotExtended()
    {
        var (harness, delivery, gate) = await FlyAsync(lease: null);
        await using var end = harness;

        await PassAsync(harness, 200);

        Assert.Equal(0, delivery.Extensions);
        gate.SetResult(HandlingResult.Done);
        await delivery.End;
    }

    [Fact]
    public async Task Lease_ExtensionFails_IsTriedAgainBeforeItEnds()
    {
        var (harness, delivery, gate) = await FlyAsync();
        await using var end = harness;
        delivery.OnExtend = _ => delivery.Extensions == 1 ? Task.FromException(new BrokerException("gone")) : Task.CompletedTask;

        await PassAsync(harness, 31);
        Assert.Equal(1, delivery.Extensions);
        await PassAsync(harness, 12);
        Assert.Equal(2, delivery.Extensions);

        Assert.Equal(["m unsettled: gone"], harness.Reports);
        gate.SetResult(HandlingResult.Done);
        Assert.Equal("acknowledged", await delivery.End);
    }

    [Fact]
    public async Task Lease_LostForGood_IsNotAskedForAgain()
    {
        var (harness, delivery, gate) = await FlyAsync();
        await using var end = harness;
        delivery.OnExtend = _ => Task.FromException(new BrokerException("another has it", isTransient: false));

        await PassAsync(harness, 300);

        Assert.Equal(1, delivery.Extensions);
        Assert.Equal(["m unsettled: another has it"], harness.Reports);
        gate.SetResult(HandlingResult.Done);
        await delivery.End;
    }

    [Fact]
    public async Task Lease_HandlerEndsWhileItIsExtended_OneThingAtATime()
    {
        var (harness, delivery, gate) = await FlyAsync();
        await using var end = harness;
        var isAsked = false;
        delivery.OnExtend = async cancellation =>
        {
            isAsked = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        };

        await PassAsync(harness, 31);
        await UntilAsync(() => isAsked);
        gate.SetResult(HandlingResult.Done);

        Assert.Equal("acknowledged", await delivery.End);
        Assert.False(delivery.WasUsedByTwo);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public async Task Lease_ExtensionThatHangs_IsNotAskedForTwice()
    {
        var (harness, delivery, gate) = await FlyAsync();
        await using var end = harness;
        var hang = new TaskCompletionSource();
        delivery.OnExtend = _ => hang.Task;

        await PassAsync(harness, 200);

        Assert.Equal(1, delivery.Extensions);
        hang.SetResult();
        gate.SetResult(HandlingResult.Done);
        await delivery.End;
        Assert.False(delivery.WasUsedByTwo);
    }

    private static Task<(RunnerHarness Harness, RecordedDelivery Delivery, TaskCompletionSource<HandlingResult> Gate)> FlyAsync() =>
        FlyAsync(TimeSpan.FromSeconds(60));

    private static async Task<(RunnerHarness Harness, RecordedDelivery Delivery, TaskCompletionSource<HandlingResult> Gate)> FlyAsync(TimeSpan? lease)
    {
        var gate = new TaskCompletionSource<HandlingResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var harness = new RunnerHarness(Subscription, (_, _) => new(gate.Task));
        var delivery = new RecordedDelivery
        {
            MessageId = "m",
            Attempt = 1,
            PublishedAt = ManualTime.Start,
            Body = "{}"u8.ToArray(),
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal),
            LeaseTime = lease,
        };
        harness.Arrive(delivery);
        await UntilAsync(() => harness.Runner.Running == 1);
        return (harness, delivery, gate);
    }

    /// <summary>Lets seconds pass, one by one; the leases have been looked at after each.</summary>
    private static async Task PassAsync(RunnerHarness harness, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var set = harness.Time.EverSet;
            harness.Time.Advance(Second);
            await UntilAsync(() => harness.Time.EverSet > set);
        }
    }
}
