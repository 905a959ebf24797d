using System.Collections.Concurrent;
using Bridge.Core.PubSub;
using Xunit;
using static Bridge.Core.Tests.PubSub.RunnerHarness;

namespace Bridge.Core.Tests.PubSub;

public sealed class SubscriptionRunnerTests
{
    [Theory]
    [InlineData("done", 1, "acknowledged", "")]
    [InlineData("failed", 1, "retried", "m retried: no")]
    [InlineData("failed", 2, "retried", "m retried: no")]
    [InlineData("failed", 3, "dead: Failed", "m given up: Failed, no")]
    [InlineData("invalid", 1, "dead: Invalid", "m given up: Invalid, no")]
    [InlineData("abandoned", 1, "released", "")]
    [InlineData("thrown", 1, "retried", "m retried: no")]
    [InlineData("thrown", 3, "dead: Failed", "m given up: Failed, no")]
    public async Task Handled_Outcome_DecidesWhatBecomesOfTheMessage(string outcome, int attempt, string end, string report)
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => outcome switch
        {
            "done" => new(HandlingResult.Done),
            "failed" => new(HandlingResult.Failed("no")),
            "invalid" => new(HandlingResult.Invalid("no")),
            "abandoned" => new(HandlingResult.Abandoned),
            _ => throw new InvalidOperationException("no"),
        });
        var delivery = RecordedDelivery.New("m", attempt);

        harness.Arrive(delivery);

        Assert.Equal(end, await delivery.End);
        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Equal(report == "" ? [] : [report], harness.Reports);
    }

    [Fact]
    public async Task Settled_ManyAtATime_ShareOneTimer()
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(HandlingResult.Done));
        await UntilAsync(() => harness.Time.EverSet == 1);
        RecordedDelivery[] early = [.. Enumerable.Range(0, 50).Select(number => RecordedDelivery.New($"e{number}"))];
        harness.Arrive(early);
        await Task.WhenAll(early.Select(delivery => delivery.End));
        Assert.Equal(2, harness.Time.EverSet);

        // A second later patience begins anew, and what began before ends first.
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        var late = RecordedDelivery.New("l");
        harness.Arrive(late);
        await late.End;
        for (var second = 0; second < 30; second++)
        {
            Assert.All(early, delivery => Assert.False(delivery.Patience.IsCancellationRequested));
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(early, delivery => Assert.True(delivery.Patience.IsCancellationRequested));
        Assert.False(late.Patience.IsCancellationRequested);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(late.Patience.IsCancellationRequested);
    }

    [Fact]
    public async Task Handled_MostRetriesThereCanBe_AreRetries()
    {
        await using var harness = new RunnerHarness(Subscription with { Retry = Subscription.Retry with { MaxRetries = int.MaxValue } }, (_, _) => new(HandlingResult.Failed("no")));
        var delivery = RecordedDelivery.New("m", 1_000_000);

        harness.Arrive(delivery);

        Assert.Equal("retried", await delivery.End);
    }

    [Fact]
    public async Task Arrived_OlderThanRetention_ExpiresWithoutItsHandler()
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => throw new InvalidOperationException("It was handled."));
        var delivery = RecordedDelivery.New("m", publishedAt: ManualTime.Start - Subscription.MessageRetention - TimeSpan.FromSeconds(1));

        harness.Arrive(delivery);

        Assert.Equal("dead: Expired", await delivery.End);
    }

    [Theory]
    [InlineData(13, "acknowledged")]
    [InlineData(14, "dead: Failed")]
    public async Task Arrived_AttemptsThatNobodyAnsweredFor_EndsSomeTime(int attempt, string end)
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(HandlingResult.Done));
        var delivery = RecordedDelivery.New("m", attempt);

        harness.Arrive(delivery);

        Assert.Equal(end, await delivery.End);
    }

    [Fact]
    public async Task Receive_NoRoom_WaitsForIt()
    {
        var gates = new ConcurrentDictionary<string, TaskCompletionSource<HandlingResult>>(StringComparer.Ordinal);
        await using var harness = new RunnerHarness(
            Subscription with { MaxConcurrency = 3 }, (delivery, _) => new(gates.GetOrAdd(delivery.MessageId, _ => new()).Task));
        var deliveries = new[] { "a", "b", "c" }.Select(id => RecordedDelivery.New(id)).ToArray();

        harness.Arrive(deliveries[0]);
        harness.Arrive(deliveries[1], deliveries[2]);
        await UntilAsync(() => gates.Count == 3);
        Assert.Equal([3, 2], harness.Asked);

        gates["b"].SetResult(HandlingResult.Done);
        Assert.Equal("acknowledged", await deliveries[1].End);
        await UntilAsync(() => harness.Asked.Count == 3);
        Assert.Equal([3, 2, 1], harness.Asked);
        Assert.Equal(2, harness.Runner.Running);
        gates["a"].SetResult(HandlingResult.Done);
        gates["c"].SetResult(HandlingResult.Done);
        await Task.WhenAll(deliveries[0].End, deliveries[2].End);
    }

    [Fact]
    public async Task Receive_BrokerSlowToTakeNote_HoldsNoHandlerUpUntilTooManyWait()
    {
        var begun = 0;
        await using var harness = new RunnerHarness(Subscription with { MaxConcurrency = 2 }, (_, _) =>
        {
            Interlocked.Increment(ref begun);
            return new(HandlingResult.Done);
        });
        var gate = new TaskCompletionSource();
        var deliveries = Enumerable.Range(0, 1002).Select(number => RecordedDelivery.New($"{number}")).ToArray();
        foreach (var pair in deliveries.Chunk(2))
        {
            Array.ForEach(pair, delivery => delivery.OnEnd = () => gate.Task);
            harness.Arrive(pair);
        }

        await UntilAsync(() => begun == 1002 && harness.Runner.Running == 1002);
        var asked = harness.Asked.Count;
        gate.SetResult();
        await Task.WhenAll(deliveries.Select(delivery => delivery.End));
        await UntilAsync(() => harness.Runner.Running == 0 && harness.Asked.Count == asked + 1);
    }

    [Fact]
    public async Task Receive_Unbounded_AsksForAsManyAsABatchHolds()
    {
        await using var harness = new RunnerHarness(Subscription with { MaxConcurrency = 0 }, (_, _) => new(HandlingResult.Done));

        await UntilAsync(() => !harness.Asked.IsEmpty);

        Assert.Equal(256, Assert.Single(harness.Asked));
    }

    [Fact]
    public async Task Receive_Fails_IsReportedAndTriedAgainEverLater()
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(HandlingResult.Done));
        double[] pauses = [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30];
        foreach (var (pause, number) in pauses.Select((pause, number) => (pause, number)))
        {
            harness.FailToReceive(new BrokerException("gone"));
            await UntilAsync(() => harness.Reports.Count == number + 1 && harness.Time.Waiting == 2);
            Assert.Equal($"receiving failed: gone, next in {pause} s", harness.Reports.Last());
            harness.Time.Advance(TimeSpan.FromSeconds(pause));
        }

        var delivery = RecordedDelivery.New("m");
        harness.Arrive(delivery);
        Assert.Equal("acknowledged", await delivery.End);
        harness.FailToReceive(new OperationCanceledException("a client's own"));
        await UntilAsync(() => harness.Reports.Count == pauses.Length + 1);
        Assert.Equal("receiving failed: a client's own, next in 0.25 s", harness.Reports.Last());
    }

    [Fact]
    public async Task Settle_Fails_IsReportedAndOthersGoOn()
    {
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(HandlingResult.Done));
        var broken = RecordedDelivery.New("broken");
        broken.OnEnd = () => Task.FromException(new BrokerException("gone"));
        var whole = RecordedDelivery.New("whole");

        harness.Arrive(broken, whole);

        Assert.Equal("acknowledged", await whole.End);
        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Equal(["broken unsettled: gone"], harness.Reports);
    }

    [Fact]
    public async Task Stop_WhileReceivingEnds_GivesBackWhatHasNotBegun()
    {
        var begun = 0;
        await using var harness = new RunnerHarness(Subscription, (_, _) =>
        {
            begun++;
            return new(HandlingResult.Done);
        });
        var source = new LateSource(RecordedDelivery.New("late"));
        using var stopping = new CancellationTokenSource();
        var run = new SubscriptionRunner(Subscription, source, harness, harness, harness.Time).RunAsync(stopping.Token, CancellationToken.None);

        await stopping.CancelAsync();
        source.Answer();
        await run;

        Assert.Equal("released", await source.Delivery.End);
        Assert.Equal(0, begun);
    }

    [Fact]
    public async Task Stop_WhileHandlersRun_WaitsForThem()
    {
        var gate = new TaskCompletionSource<HandlingResult>();
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(gate.Task));
        var delivery = RecordedDelivery.New("m");
        harness.Arrive(delivery);
        await UntilAsync(() => harness.Runner.Running == 1);

        await harness.StopAsync();
        Assert.False(harness.Run.IsCompleted);
        Assert.False(harness.IsDisposed);
        gate.SetResult(HandlingResult.Done);
        await harness.Run;

        Assert.Equal("acknowledged", await delivery.End);
        Assert.True(harness.IsDisposed);
    }

    [Fact]
    public async Task GiveUp_HandlersThatHear_GiveTheirMessagesBack()
    {
        await using var harness = new RunnerHarness(Subscription, async (_, givingUp) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, givingUp);
            return HandlingResult.Done;
        });
        var delivery = RecordedDelivery.New("m");
        harness.Arrive(delivery);
        await UntilAsync(() => harness.Runner.Running == 1);

        await harness.StopAsync();
        await harness.GiveUpAsync();
        await harness.Run;

        Assert.Equal("released", await delivery.End);
    }

    [Fact]
    public async Task GiveUp_HandlerThatDoesNotHear_IsNotWaitedFor()
    {
        var gate = new TaskCompletionSource<HandlingResult>();
        await using var harness = new RunnerHarness(Subscription, (_, _) => new(gate.Task));
        harness.Arrive(RecordedDelivery.New("m"));
        await UntilAsync(() => harness.Runner.Running == 1);

        await harness.StopAsync();
        await harness.GiveUpAsync();
        await UntilAsync(() => harness.Time.Waiting == 2);
        Assert.False(harness.Run.IsCompleted);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await harness.Run;

        Assert.True(harness.IsDisposed);
        gate.SetResult(HandlingResult.Done);
    }

    private sealed class LateSource(RecordedDelivery delivery) : IMessageSource
    {
        private readonly TaskCompletionSource<IReadOnlyList<Delivery>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RecordedDelivery Delivery => delivery;

        public void Answer() => _answer.SetResult([delivery]);

        public Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation) => _answer.Task;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
