using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Encore.Host.PubSub;

namespace Encore.Host.Tests.PubSub;

/// <summary>How messages are gathered for a broker.</summary>
public sealed class TopicWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Publish_WhileABatchIsUnderWay_GathersTheNextInOrder()
    {
        using var publisher = new ManualPublisher();
        var writer = new TopicWriter(publisher, isOrdered: true);

        var first = writer.PublishAsync(Message(0));
        await publisher.NextAsync();
        var others = Enumerable.Range(1, 500).Select(number => writer.PublishAsync(Message(number))).ToList();
        publisher.Complete();
        var second = await publisher.NextAsync();
        publisher.Complete();

        Assert.Equal("id-0", await first.WaitAsync(Patience));
        Assert.Equal(Enumerable.Range(1, 500).Select(number => $"id-{number}"), await Task.WhenAll(others).WaitAsync(Patience));
        Assert.Equal(Enumerable.Range(1, 500).Select(number => (byte)number), second.Select(message => message.Body.Span[0]));
    }

    [Fact]
    public async Task Publish_BatchEnds_AllCallersGoOnInOneRound()
    {
        using var publisher = new ManualPublisher();
        var writer = new TopicWriter(publisher, isOrdered: true);
        var end = new CountedEnd();
        async Task PublishAsync(int number)
        {
            await writer.PublishAsync(Message(number));
            Assert.True(OperationRound.TryDefer(end));
        }

        // Away from the test's own way of going on, which the host hasn't.
        await Task.Run(async () =>
        {
            var first = PublishAsync(0);
            await publisher.NextAsync();
            var others = Enumerable.Range(1, 100).Select(PublishAsync).ToList();
            publisher.Complete();
            await publisher.NextAsync();
            publisher.Complete();
            await Task.WhenAll([first, .. others]).WaitAsync(Patience);
        });

        // The last caller's round ends behind it.
        for (var look = 0; look < 1000 && end.Count < 2; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(2, end.Count);
    }

    [Fact]
    public async Task Publish_TopicWithoutOrder_HasAFewBatchesUnderWay()
    {
        var publisher = new ParallelPublisher();
        var writer = new TopicWriter(publisher, isOrdered: false);

        List<Task<string>> published = [];
        for (byte number = 0; number < 10; number++)
        {
            published.Add(writer.PublishAsync(Message(number)));
            await publisher.WhenBegunAsync(Math.Min(number + 1, 4));
        }

        Assert.Equal(["0", "1", "2", "3"], publisher.Batches.Select(batch => batch.Numbers));
        publisher.Complete(2);
        await publisher.WhenBegunAsync(5);
        Assert.Equal("4 5 6 7 8 9", publisher.Batches[4].Numbers);
        Assert.Equal("id-2", await published[2].WaitAsync(Patience));
        foreach (var number in new[] { 4, 0, 1, 3 })
        {
            publisher.Complete(number);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"id-{number}"), await Task.WhenAll(published).WaitAsync(Patience));
    }

    [Fact]
    public async Task Publish_LargeMessagesUnderWay_BeginsNoFurtherBatch()
    {
        var publisher = new ParallelPublisher();
        var writer = new TopicWriter(publisher, isOrdered: false);
        var large = new OutgoingMessage { Body = new byte[9 * 1024 * 1024] };

        var first = writer.PublishAsync(large);
        await publisher.WhenBegunAsync(1);
        List<Task<string>> others = [];
        for (var number = 1; number < 4; number++)
        {
            others.Add(writer.PublishAsync(Message(number)));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        Assert.Single(publisher.Batches);
        publisher.Complete(0);
        await publisher.WhenBegunAsync(2);
        Assert.Equal("1 2 3", publisher.Batches[1].Numbers);
        publisher.Complete(1);
        Assert.Equal(["id-0", "id-1", "id-2", "id-3"], await Task.WhenAll([first, .. others]).WaitAsync(Patience));

        // And then side by side again.
        var fourth = writer.PublishAsync(Message(4));
        await publisher.WhenBegunAsync(3);
        var fifth = writer.PublishAsync(Message(5));
        await publisher.WhenBegunAsync(4);
        publisher.Complete(2);
        publisher.Complete(3);
        await Task.WhenAll(fourth, fifth).WaitAsync(Patience);
    }

    [Fact]
    public async Task Publish_OneOfABatchFails_OthersDoNot()
    {
        using var publisher = new ManualPublisher { Refuses = 2 };
        var writer = new TopicWriter(publisher, isOrdered: true);

        var first = writer.PublishAsync(Message(0));
        await publisher.NextAsync();
        var others = new[] { writer.PublishAsync(Message(1)), writer.PublishAsync(Message(2)), writer.PublishAsync(Message(3)) };
        publisher.Complete();
        await publisher.NextAsync();
        publisher.Complete();

        Assert.Equal(["id-0", "id-1", "id-3"], await Task.WhenAll(first, others[0], others[2]).WaitAsync(Patience));
        Assert.Equal("no", (await Assert.ThrowsAsync<BrokerException>(() => others[1].WaitAsync(Patience))).Message);
    }

    [Fact]
    public async Task Publish_BrokerThrows_AllOfTheBatchLearnAndTheNextIsTried()
    {
        using var publisher = new ManualPublisher();
        var writer = new TopicWriter(publisher, isOrdered: true);

        var first = writer.PublishAsync(Message(0));
        await publisher.NextAsync();
        var second = writer.PublishAsync(Message(1));
        publisher.Fail(new BrokerException("gone"));
        await publisher.NextAsync();
        publisher.Complete();

        Assert.Equal("gone", (await Assert.ThrowsAsync<BrokerException>(() => first.WaitAsync(Patience))).Message);
        Assert.Equal("id-1", await second.WaitAsync(Patience));
    }

    [Fact]
    public async Task Publish_BrokerDoesNotKeepUp_FailsInsteadOfFillingTheMemory()
    {
        using var publisher = new ManualPublisher();
        var writer = new TopicWriter(publisher, isOrdered: true);
        var first = writer.PublishAsync(Message(0));
        await publisher.NextAsync();

        for (var i = 0; i < TopicWriter.MaxWaiting; i++)
        {
            _ = writer.PublishAsync(Message(1));
        }

        Assert.Contains("doesn't keep up", (await Assert.ThrowsAsync<BrokerException>(() => writer.PublishAsync(Message(2)))).Message, StringComparison.Ordinal);
        publisher.Complete();
        Assert.Equal("id-0", await first.WaitAsync(Patience));
    }

    [Fact]
    public async Task Publish_BrokerDoesNotKeepUpWithLargeMessages_FailsByTheirBytes()
    {
        using var publisher = new ManualPublisher();
        var writer = new TopicWriter(publisher, isOrdered: true);
        var first = writer.PublishAsync(Message(0));
        await publisher.NextAsync();
        var large = new OutgoingMessage { Body = new byte[TopicWriter.MaxWaitingBytes / 4] };

        var waiting = Enumerable.Range(0, 4).Select(_ => writer.PublishAsync(large)).ToList();
        Assert.Contains("doesn't keep up", (await Assert.ThrowsAsync<BrokerException>(() => writer.PublishAsync(Message(1)))).Message, StringComparison.Ordinal);
        publisher.Complete();
        await publisher.NextAsync();
        var next = writer.PublishAsync(Message(2));
        publisher.Complete();
        await publisher.NextAsync();
        publisher.Complete();

        await Task.WhenAll([first, .. waiting, next]).WaitAsync(Patience);
    }

    private static OutgoingMessage Message(int number) => new() { Body = new[] { (byte)number } };

    /// <summary>Counts rounds.</summary>
    private sealed class CountedEnd : IRoundEnd
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void EndRound() => Interlocked.Increment(ref _count);
    }

    /// <summary>A broker that takes many batches, and confirms those that it is told to.</summary>
    private sealed class ParallelPublisher : ITopicPublisher
    {
        private readonly Lock _lock = new();
        private readonly List<(string Numbers, TaskCompletionSource Confirmed)> _batches = [];

        public IReadOnlyList<(string Numbers, TaskCompletionSource Confirmed)> Batches
        {
            get
            {
                lock (_lock)
                {
                    return [.. _batches];
                }
            }
        }

        public async Task WhenBegunAsync(int count)
        {
            for (var look = 0; look < 2000 && Batches.Count < count; look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }

            Assert.Equal(count, Batches.Count);
        }

        public void Complete(int batch) => Batches[batch].Confirmed.SetResult();

        public async Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
        {
            var confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _batches.Add((string.Join(' ', messages.Select(message => message.Body.Span[0])), confirmed));
            }

            await confirmed.Task;
            return [.. messages.Select(message => PublishResult.Taken($"id-{message.Body.Span[0]}"))];
        }
    }

    /// <summary>A broker that does nothing until it is told.</summary>
    private sealed class ManualPublisher : ITopicPublisher, IDisposable
    {
        private readonly SemaphoreSlim _begun = new(0);
        private TaskCompletionSource<PublishResult[]> _result = new();
        private IReadOnlyList<OutgoingMessage> _messages = [];
        private int _published;

        /// <summary>The message of this number isn't taken; -1 for none.</summary>
        public int Refuses { get; init; } = -1;

        public async Task<IReadOnlyList<OutgoingMessage>> NextAsync()
        {
            Assert.True(await _begun.WaitAsync(Patience));
            return _messages;
        }

        public void Dispose() => _begun.Dispose();

        public void Complete()
        {
            PublishResult[] results = [.. _messages.Select(_ => Next())];
            Result().SetResult(results);
        }

        public void Fail(Exception error)
        {
            _published += _messages.Count;
            Result().SetException(error);
        }

        public Task<PublishResult[]> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
        {
            _messages = messages;
            var result = _result;
            _begun.Release();
            return result.Task;
        }

        private PublishResult Next()
        {
            var number = _published++;
            return number == Refuses ? PublishResult.Failed(new BrokerException("no")) : PublishResult.Taken($"id-{number}");
        }

        private TaskCompletionSource<PublishResult[]> Result() => Interlocked.Exchange(ref _result, new TaskCompletionSource<PublishResult[]>());
    }
}
