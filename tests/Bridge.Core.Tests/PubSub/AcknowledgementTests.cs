using System.Collections.Concurrent;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Xunit;
using static Bridge.Core.Tests.PubSub.RunnerHarness;

namespace Bridge.Core.Tests.PubSub;

/// <summary>How a broker hears of many handled messages with one word.</summary>
public sealed class AcknowledgementTests
{
    private static readonly BrokerSubscription Wide = Subscription with { MaxConcurrency = 100 };

    private readonly ConcurrentQueue<string> _words = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HandlingResult>> _handlers = new(StringComparer.Ordinal);

    [Fact]
    public async Task Acknowledge_HandlersThatEndInOneRound_TakesOneWord()
    {
        await using var harness = await StartAsync(deliveries => Task.FromResult(new Exception?[deliveries.Count]));
        await BeginAsync(harness, "a", "b", "c");

        End("c", "a", "b");

        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Equal(["c a b"], _words);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public async Task Acknowledge_WhileWordsAreUnderWay_GathersTheNext()
    {
        var answers = new ConcurrentQueue<TaskCompletionSource>();
        await using var harness = await StartAsync(async deliveries =>
        {
            var answer = new TaskCompletionSource();
            answers.Enqueue(answer);
            await answer.Task;
            return new Exception?[deliveries.Count];
        });
        string[] ids = ["a", "b", "c", "d", "e", "f", "g"];
        await BeginAsync(harness, ids);
        for (var at = 0; at < ids.Length; at++)
        {
            End(ids[at]);
            await UntilAsync(() => answers.Count == Math.Min(at + 1, 4));
        }

        // Four words are under way; the fifth waits for one of them, and takes along what came meanwhile.
        Assert.Equal(["a", "b", "c", "d"], _words);
        Assert.Equal(7, harness.Runner.Running);
        Assert.True(answers.TryDequeue(out var first));
        first.SetResult();

        await UntilAsync(() => _words.Count == 5);
        Assert.Equal("e f g", _words.Last());
        await UntilAsync(() => answers.Count == 4);
        Assert.All(answers, answer => answer.SetResult());
        await UntilAsync(() => harness.Runner.Running == 0);
    }

    [Fact]
    public async Task Acknowledge_AnotherTakesAlongWhatARoundLeft_LosesNoSender()
    {
        var answers = new ConcurrentQueue<TaskCompletionSource>();
        await using var harness = await StartAsync(async deliveries =>
        {
            var answer = new TaskCompletionSource();
            answers.Enqueue(answer);
            await answer.Task;
            return new Exception?[deliveries.Count];
        });
        string[] ids = [.. Enumerable.Range(0, 30).Select(number => $"m{number}")];
        string[] last = ["x0", "x1", "x2", "x3"];
        await BeginAsync(harness, [.. ids, .. last]);
        void AnswerAll()
        {
            while (answers.TryDequeue(out var answer))
            {
                answer.SetResult();
            }
        }

        await Task.Run(async () =>
        {
            foreach (var (three, left) in ids.Chunk(3).Select((three, round) => (three, last.Length + ids.Length - (3 * (round + 1)))))
            {
                // The word that is under way ends when one message has been left to the round's end: it takes that along, and another follows.
                End(three[0]);
                OperationRound.Begin();
                _handlers[three[1]].SetResult(HandlingResult.Done);
                AnswerAll();
                _handlers[three[2]].SetResult(HandlingResult.Done);
                OperationRound.End();
                await UntilAsync(() =>
                {
                    AnswerAll();
                    return harness.Runner.Running == left;
                });
            }

            // As many words as ever may still be under way.
            foreach (var id in last)
            {
                End(id);
            }

            await UntilAsync(() => answers.Count == last.Length);
            AnswerAll();
            await UntilAsync(() => harness.Runner.Running == 0);
        });
        ids = [.. ids, .. last];
        Assert.Equal(ids.Order(), _words.SelectMany(word => word.Split(' ')).Order());
    }

    [Fact]
    public async Task Acknowledge_OneThatTheBrokerDoesNotTake_IsToldOf()
    {
        await using var harness = await StartAsync(deliveries => Task.FromResult<Exception?[]>([null, new BrokerException("it is gone")]));
        await BeginAsync(harness, "a", "b");

        End("a", "b");

        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Equal(["b unsettled: it is gone"], harness.Reports);
    }

    [Fact]
    public async Task Acknowledge_SourceThatThrows_IsToldOfForEach()
    {
        await using var harness = await StartAsync(_ => throw new InvalidOperationException("broken"));
        await BeginAsync(harness, "a", "b");

        End("a", "b");

        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Equal(["a unsettled: broken", "b unsettled: broken"], harness.Reports.Order());
    }

    [Fact]
    public async Task Acknowledge_HandlerThatFails_IsSettledByItself()
    {
        await using var harness = await StartAsync(deliveries => Task.FromResult(new Exception?[deliveries.Count]));
        var failing = RecordedDelivery.New("a");
        harness.Arrive(failing);
        await UntilAsync(() => _handlers.ContainsKey("a"));

        _handlers["a"].SetResult(HandlingResult.Failed("no"));

        Assert.Equal("retried", await failing.End);
        await UntilAsync(() => harness.Runner.Running == 0);
        Assert.Empty(_words);
    }

    // Away from the test's own way of going on, which the host hasn't.
    private Task<RunnerHarness> StartAsync(Func<IReadOnlyList<Delivery>, Task<Exception?[]>> acknowledge) => Task.Run(() => new RunnerHarness(
        Wide,
        (delivery, _) => new(_handlers.GetOrAdd(delivery.MessageId, _ => new()).Task),
        deliveries =>
        {
            _words.Enqueue(string.Join(' ', deliveries.Select(delivery => delivery.MessageId)));
            return acknowledge(deliveries);
        }));

    private async Task BeginAsync(RunnerHarness harness, params string[] ids)
    {
        harness.Arrive([.. ids.Select(id => RecordedDelivery.New(id))]);
        await UntilAsync(() => _handlers.Count == ids.Length);
    }

    private void End(params ReadOnlySpan<string> ids)
    {
        OperationRound.Begin();
        foreach (var id in ids)
        {
            _handlers[id].SetResult(HandlingResult.Done);
        }

        OperationRound.End();
    }
}
