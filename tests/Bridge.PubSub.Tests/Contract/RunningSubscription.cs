using System.Collections.Concurrent;
using System.Text;

namespace Bridge.PubSub.Tests.Contract;

/// <summary>Handles one message of a test.</summary>
internal delegate ValueTask<HandlingResult> MessageHandler(Delivery delivery, CancellationToken givingUp);

/// <summary>A subscription whose messages a <see cref="SubscriptionRunner"/> has handled by a test, and what it was told meanwhile.</summary>
internal sealed class RunningSubscription : IMessageHandler, ISubscriptionObserver, IAsyncDisposable
{
    private readonly MessageHandler _handle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private Task _run = Task.CompletedTask;
    private int _running;
    private int _mostRunning;

    private RunningSubscription(MessageHandler handle) => _handle = handle;

    /// <summary>The texts of messages whose handler succeeded, in that order.</summary>
    public ConcurrentQueue<string> Handled { get; } = [];

    /// <summary>What was reported, one line each.</summary>
    public ConcurrentQueue<string> Reports { get; } = [];

    /// <summary>The dead letters' texts and reasons.</summary>
    public ConcurrentQueue<(string Text, DeadLetterReason Reason)> Dead { get; } = [];

    /// <summary>How many handlers ran at the same time at most.</summary>
    public int MostRunning => Volatile.Read(ref _mostRunning);

    /// <summary>How many handlers run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Begins.</summary>
    public static RunningSubscription Start(IMessageBroker broker, BrokerSubscription subscription, MessageHandler handle)
    {
        var running = new RunningSubscription(handle);
        running._run = running.RunAsync(broker, subscription);
        return running;
    }

    /// <inheritdoc/>
    public async ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
    {
        var running = Interlocked.Increment(ref _running);
        for (var most = MostRunning; running > most && Interlocked.CompareExchange(ref _mostRunning, running, most) != most; most = MostRunning)
        {
        }

        try
        {
            var result = await _handle(delivery, cancellation);
            if (result.Outcome == HandlingOutcome.Done)
            {
                Handled.Enqueue(Encoding.UTF8.GetString(delivery.Body.Span));
            }

            return result;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Takes no further messages and waits for those that are being handled.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(Patience.Long);
    }

    /// <summary>Takes no further messages and gives up those that are being handled.</summary>
    public async Task GiveUpAsync()
    {
        await _stopping.CancelAsync();
        await _givingUp.CancelAsync();
        await _run.WaitAsync(Patience.Long);
    }

    /// <summary>What there is to say when a test fails.</summary>
    public string Describe() =>
        $"{Handled.Count} handled ({string.Join(' ', Handled.TakeLast(10))}), {Running} running, {Dead.Count} dead, reports:\n{string.Join('\n', Reports.TakeLast(20))}";

    /// <inheritdoc/>
    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) => Reports.Enqueue($"receiving failed: {error.Message}");

    /// <inheritdoc/>
    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay) =>
        Reports.Enqueue($"retry after attempt {delivery.Attempt}: {error}");

    /// <inheritdoc/>
    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason) =>
        Dead.Enqueue((Encoding.UTF8.GetString(delivery.Body.Span), reason));

    /// <inheritdoc/>
    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) => Reports.Enqueue($"settling failed: {error.Message}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await GiveUpAsync();
        _stopping.Dispose();
        _givingUp.Dispose();
    }

    private async Task RunAsync(IMessageBroker broker, BrokerSubscription subscription)
    {
        var source = await broker.OpenAsync(subscription, CancellationToken.None);
        await new SubscriptionRunner(subscription, source, this, this, TimeProvider.System).RunAsync(_stopping.Token, _givingUp.Token);
    }
}
