using System.Collections.Concurrent;

namespace Bridge.PubSub.Tests.Contract;

/// <content>What a subscription's messages go through when <see cref="SubscriptionRunner"/> has them handled.</content>
public abstract partial class BrokerContract
{
    [Fact]
    public async Task Run_HandlerFailsTwice_SucceedsAtTheThirdAttempt()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var attempts = new ConcurrentQueue<int>();
        var run = Run(broker, topic.Subscriptions[0], (delivery, _) =>
        {
            attempts.Enqueue(delivery.Attempt);
            return new(delivery.Attempt < 3 ? HandlingResult.Failed("not yet") : HandlingResult.Done);
        });

        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => !run.Handled.IsEmpty, run.Describe);
        await run.StopAsync();

        Assert.Equal([1, 2, 3], attempts);
        Assert.Equal(["retry after attempt 1: not yet", "retry after attempt 2: not yet"], run.Reports);
        await AssertNothingIsLeftAsync(broker, topic);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Run_RetriesSpent_BecomesDeadLetterWithTheLastError(int maxRetries)
    {
        var topic = NewTopic(subscription => subscription with { Retry = subscription.Retry with { MaxRetries = maxRetries } }, "mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], (delivery, _) => new(HandlingResult.Failed($"failure {delivery.Attempt}")));

        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => !run.Dead.IsEmpty, run.Describe);
        await run.StopAsync();

        var reason = new DeadLetterReason(DeadLetterCause.Failed, $"failure {maxRetries + 1}");
        Assert.Equal(("1", reason), Assert.Single(run.Dead));
        Assert.Equal(maxRetries, run.Reports.Count);
        if (broker.Traits.ShowsDeadLetters)
        {
            var letter = Assert.Single(await LettersAsync(broker, topic));
            Assert.Equal((maxRetries + 1, reason), (letter.Attempts, letter.Reason));
        }
    }

    [Fact]
    public async Task Run_UnlimitedRetries_NeverGivesUp()
    {
        var retry = new RetryPolicy(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), RetryPolicy.Unlimited);
        var topic = NewTopic(subscription => subscription with { Retry = retry }, "mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], (delivery, _) => new(delivery.Attempt < 15 ? HandlingResult.Failed("not yet") : HandlingResult.Done));

        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => !run.Handled.IsEmpty, run.Describe);
        await run.StopAsync();

        Assert.Empty(run.Dead);
        Assert.Equal(14, run.Reports.Count);
    }

    [Fact]
    public async Task Run_InvalidMessage_BecomesDeadLetterAtOnceAndStopsNoOther()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], (delivery, _) =>
            new(NumberOf(delivery) % 10 == 0 ? HandlingResult.Invalid($"{TextOf(delivery)} is no good") : HandlingResult.Done));

        await PublishAsync(broker, topic, NewMessages(50));
        await Patience.UntilAsync(() => run.Handled.Count == 45 && run.Dead.Count == 5, run.Describe);
        await run.StopAsync();

        Assert.Empty(run.Reports);
        Assert.Equal(["0", "10", "20", "30", "40"], run.Dead.Select(dead => dead.Text).Order(StringComparer.Ordinal));
        Assert.All(run.Dead, dead => Assert.Equal(new DeadLetterReason(DeadLetterCause.Invalid, $"{dead.Text} is no good"), dead.Reason));
        await AssertNothingIsLeftAsync(broker, topic);
    }

    [Fact]
    public async Task Run_MessagesThatAlwaysFail_StopNoOther()
    {
        var topic = NewTopic(
            subscription => subscription with { MaxConcurrency = 4, Retry = subscription.Retry with { MaxRetries = RetryPolicy.Unlimited } }, "mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], (delivery, _) => new(NumberOf(delivery) < 8 ? HandlingResult.Failed("poison") : HandlingResult.Done));

        await PublishAsync(broker, topic, NewMessages(60));

        await Patience.UntilAsync(() => run.Handled.Count == 52, run.Describe);
    }

    [Fact]
    public async Task Run_MessageOlderThanItsRetention_BecomesExpiredDeadLetterAndCanBeReplayed()
    {
        var topic = NewTopic("mail");
        var broker = await OpenAsync(topic);
        await PublishAsync(broker, topic, NewMessage("1"));
        await Task.Delay(TimeSpan.FromMilliseconds(300));

        var impatient = topic.Subscriptions[0] with { MessageRetention = TimeSpan.FromMilliseconds(200) };
        var run = Run(broker, impatient, (_, _) => new(HandlingResult.Done));
        await Patience.UntilAsync(() => !run.Dead.IsEmpty, run.Describe);
        await run.StopAsync();

        Assert.Equal(DeadLetterCause.Expired, Assert.Single(run.Dead).Reason.Cause);
        Assert.Empty(run.Handled);
        if (!broker.Traits.ShowsDeadLetters)
        {
            return;
        }

        var patient = topic.Subscriptions[0] with { MessageRetention = TimeSpan.FromMinutes(5) };
        Assert.Equal(DeadLetterCause.Expired, Assert.Single(await LettersAsync(broker, topic)).Reason.Cause);
        Assert.Equal(1, await broker.DeadLettersOf(patient).ReplayAsync(ids: null, CancellationToken.None));
        var second = Run(broker, patient, (_, _) => new(HandlingResult.Done));
        await Patience.UntilAsync(() => !second.Handled.IsEmpty, second.Describe);
    }

    [Fact]
    public async Task Run_MaxConcurrency_IsReachedAndNeverExceeded()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 3 }, "mail");
        var broker = await OpenAsync(topic);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Run(broker, topic.Subscriptions[0], async (_, _) =>
        {
            await gate.Task;
            return HandlingResult.Done;
        });

        await PublishAsync(broker, topic, NewMessages(40));
        await Patience.UntilAsync(() => run.Running == 3, run.Describe);
        await Task.Delay(Patience.Short);
        gate.SetResult();
        await Patience.UntilAsync(() => run.Handled.Count == 40, run.Describe);

        Assert.Equal(3, run.MostRunning);
    }

    [Fact]
    public async Task Run_SlowSubscription_HoldsNoOtherUp()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 2 }, "slow", "quick");
        var broker = await OpenAsync(topic);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = Run(broker, topic.Subscriptions[0], async (_, _) =>
        {
            await gate.Task;
            return HandlingResult.Done;
        });
        var quick = Run(broker, topic.Subscriptions[1], (_, _) => new(HandlingResult.Done));

        await PublishAsync(broker, topic, NewMessages(100));
        await Patience.UntilAsync(() => quick.Handled.Count == 100, quick.Describe);
        Assert.Empty(slow.Handled);
        gate.SetResult();
        await Patience.UntilAsync(() => slow.Handled.Count == 100, slow.Describe);
    }

    [Fact]
    public async Task Run_HandlerSlowerThanTheLease_IsNotHandledTwice()
    {
        var topic = NewTopic(subscription => subscription with { AckDeadline = Fixture.ShortLease * 2 }, "mail");
        var broker = await OpenAsync(topic);
        var begun = new ConcurrentQueue<int>();
        async ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken givingUp)
        {
            begun.Enqueue(delivery.Attempt);
            await Task.Delay(Fixture.ShortLease * 3, givingUp);
            return HandlingResult.Done;
        }

        var run = Run(broker, topic.Subscriptions[0], HandleAsync);
        var other = Run(await OpenAsync(topic), topic.Subscriptions[0], HandleAsync);
        await PublishAsync(broker, topic, NewMessage("1"));
        await Patience.UntilAsync(() => run.Handled.Count + other.Handled.Count == 1, run.Describe);

        Assert.Equal([1], begun);
        await run.StopAsync();
        await other.StopAsync();
        await AssertNothingIsLeftAsync(broker, topic);
    }

    [Fact]
    public async Task Stop_WhileHandlersRun_TheyFinishAndTheRestStays()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 2 }, "mail");
        var broker = await OpenAsync(topic);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Run(broker, topic.Subscriptions[0], async (_, _) =>
        {
            await gate.Task;
            return HandlingResult.Done;
        });
        await PublishAsync(broker, topic, NewMessages(10));
        await Patience.UntilAsync(() => run.Running == 2, run.Describe);

        var stopping = run.StopAsync();
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        await stopping;

        // A message that was on its way when the end was asked for may have been begun all the same.
        Assert.InRange(run.Handled.Count, 2, 4);
        await using var source = await OpenSourceAsync(await OpenAsync(topic), topic);
        var rest = await ReceiveAsync(source, 10 - run.Handled.Count);
        Assert.Equal(Enumerable.Range(0, 10), rest.Select(NumberOf).Concat(run.Handled.Select(text => int.Parse(text, null))).Order());
        await AcknowledgeAsync(rest);
    }

    [Fact]
    public async Task GiveUp_WhileHandlersRun_TheirMessagesGoBack()
    {
        var topic = NewTopic(subscription => subscription with { MaxConcurrency = 3 }, "mail");
        var broker = await OpenAsync(topic);
        var run = Run(broker, topic.Subscriptions[0], async (_, givingUp) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, givingUp).ContinueWith(_ => { }, TaskScheduler.Default);
            return HandlingResult.Abandoned;
        });
        await PublishAsync(broker, topic, NewMessages(5));
        await Patience.UntilAsync(() => run.Running == 3, run.Describe);

        await run.GiveUpAsync();
        await using var source = await OpenSourceAsync(await OpenAsync(topic), topic);
        var deliveries = await ReceiveAsync(source, 5);

        Assert.Equal(Enumerable.Range(0, 5), deliveries.Select(NumberOf).Order());
        await AcknowledgeAsync(deliveries);
    }

    [Fact]
    public async Task Run_TwoProcesses_HandleEachMessageOnce()
    {
        var topic = NewTopic("mail");
        var (one, two) = (await OpenAsync(topic), await OpenAsync(topic));
        var first = Run(one, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));
        var second = Run(two, topic.Subscriptions[0], (_, _) => new(HandlingResult.Done));

        await Task.WhenAll(NewMessages(300).Select(message => Task.Run(() => PublishAsync(one, topic, message))));
        await Patience.UntilAsync(() => first.Handled.Count + second.Handled.Count >= 300, first.Describe);
        await first.StopAsync();
        await second.StopAsync();

        Assert.Equal(Enumerable.Range(0, 300), first.Handled.Concat(second.Handled).Select(text => int.Parse(text, null)).Order());
        await AssertNothingIsLeftAsync(one, topic);
    }

    private async Task AssertNothingIsLeftAsync(IMessageBroker broker, BrokerTopic topic)
    {
        await using var source = await OpenSourceAsync(broker, topic);
        await AssertNothingComesAsync(source);
    }
}
