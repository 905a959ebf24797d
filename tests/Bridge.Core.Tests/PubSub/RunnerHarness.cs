using System.Collections.Concurrent;
using System.Threading.Channels;
using Bridge.Core.PubSub;
using Xunit;

namespace Bridge.Core.Tests.PubSub;

/// <summary>A <see cref="SubscriptionRunner"/> between a source and a handler that do what a test says, on a clock of its own.</summary>
internal sealed class RunnerHarness : IMessageSource, IMessageHandler, ISubscriptionObserver, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<Func<IReadOnlyList<Delivery>>> _arrivals = Channel.CreateUnbounded<Func<IReadOnlyList<Delivery>>>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();

    /// <param name="subscription">Whose messages.</param>
    /// <param name="handle">What handles them.</param>
    /// <param name="acknowledge">Takes one word about many messages; null where the broker takes a word about each.</param>
    public RunnerHarness(
        BrokerSubscription subscription,
        Func<Delivery, CancellationToken, ValueTask<HandlingResult>> handle,
        Func<IReadOnlyList<Delivery>, Task<Exception?[]>>? acknowledge = null)
    {
        Handle = handle;
        IMessageSource source = acknowledge is null ? this : new BatchedSource(this, acknowledge);
        Runner = new SubscriptionRunner(subscription, source, this, this, Time);
        Run = Runner.RunAsync(_stopping.Token, _givingUp.Token);
    }

    public static BrokerSubscription Subscription { get; } = new()
    {
        Topic = "signups",
        Name = "mail",
        Address = "mail",
        AckDeadline = TimeSpan.FromSeconds(60),
        Retry = new RetryPolicy(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), 2),
    };

    public ManualTime Time { get; } = new();

    public SubscriptionRunner Runner { get; }

    public Task Run { get; }

    public ConcurrentQueue<string> Reports { get; } = [];

    public ConcurrentQueue<int> Asked { get; } = [];

    public bool IsDisposed { get; private set; }

    private Func<Delivery, CancellationToken, ValueTask<HandlingResult>> Handle { get; }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public void Arrive(params Delivery[] deliveries) => Assert.True(_arrivals.Writer.TryWrite(() => deliveries));

    public void FailToReceive(Exception error) => Assert.True(_arrivals.Writer.TryWrite(() => throw error));

    public Task StopAsync() => _stopping.CancelAsync();

    public Task GiveUpAsync() => _givingUp.CancelAsync();

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation)
    {
        Asked.Enqueue(max);
        return (await _arrivals.Reader.ReadAsync(cancellation))();
    }

    public ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation) => Handle(delivery, cancellation);

    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) =>
        Reports.Enqueue($"receiving failed: {error.Message}, next in {next.TotalSeconds} s");

    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay) =>
        Reports.Enqueue($"{delivery.MessageId} retried: {error}");

    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason) =>
        Reports.Enqueue($"{delivery.MessageId} given up: {reason.Cause}, {reason.Text}");

    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) =>
        Reports.Enqueue($"{delivery.MessageId} unsettled: {error.Message}");

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await _givingUp.CancelAsync();
            await Run.WaitAsync(Patience);
        }
    }
}

/// <summary>A source whose broker takes one word about many messages.</summary>
internal sealed class BatchedSource(IMessageSource source, Func<IReadOnlyList<Delivery>, Task<Exception?[]>> acknowledge) : IBatchedMessageSource
{
    public Task<IReadOnlyList<Delivery>> ReceiveAsync(int max, CancellationToken cancellation) => source.ReceiveAsync(max, cancellation);

    public Task<Exception?[]> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellation) => acknowledge(deliveries);

    public ValueTask DisposeAsync() => source.DisposeAsync();
}

/// <summary>A delivery that writes down what becomes of it.</summary>
internal sealed class RecordedDelivery : Delivery
{
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _busy;
    private int _extensions;

    public TimeSpan? LeaseTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What happens when the lease is asked for anew.</summary>
    public Func<CancellationToken, Task> OnExtend { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens at the end.</summary>
    public Func<Task> OnEnd { get; set; } = () => Task.CompletedTask;

    public Task<string> End => _end.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public int Extensions => Volatile.Read(ref _extensions);

    public bool WasUsedByTwo { get; private set; }

    public override TimeSpan? Lease => LeaseTime;

    public static RecordedDelivery New(string id, int attempt = 1, DateTimeOffset? publishedAt = null) => new()
    {
        MessageId = id,
        Attempt = attempt,
        PublishedAt = publishedAt ?? ManualTime.Start,
        Body = "{}"u8.ToArray(),
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal),
    };

    /// <summary>What the runner's patience with the acknowledgement is.</summary>
    public CancellationToken Patience { get; private set; }

    public override Task AcknowledgeAsync(CancellationToken cancellation)
    {
        Patience = cancellation;
        return EndAsync("acknowledged");
    }

    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation) => EndAsync(delay >= TimeSpan.FromSeconds(5) ? "retried" : "retried too soon");

    public override Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation) => EndAsync("dead: " + reason.Cause);

    public override Task ReleaseAsync(CancellationToken cancellation) => EndAsync("released");

    public override async Task ExtendAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _extensions);
        await AloneAsync(() => OnExtend(cancellation));
    }

    private async Task EndAsync(string end)
    {
        await AloneAsync(OnEnd);
        _end.TrySetResult(end);
    }

    private async Task AloneAsync(Func<Task> work)
    {
        WasUsedByTwo |= Interlocked.Increment(ref _busy) > 1;
        try
        {
            await work();
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }
}
