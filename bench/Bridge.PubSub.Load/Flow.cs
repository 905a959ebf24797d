using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Bridge.Core.PubSub;

namespace Bridge.PubSub.Load;

/// <summary>Messages on their way from publishers to a handler that does nothing.</summary>
internal sealed class Flow(int messages) : IMessageHandler, ISubscriptionObserver
{
    private readonly long[] _ticks = new long[messages];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handled;

    /// <summary>The topic they go through.</summary>
    public static BrokerTopic Topic { get; } = new()
    {
        Name = "flow",
        Address = "flow",
        Subscriptions = [new BrokerSubscription { Topic = "flow", Name = "load", Address = "load", MaxConcurrency = 500 }],
    };

    /// <summary>Sends messages through a broker and says how that went: cells of a table.</summary>
    public static async Task<string> MeasureAsync(IMessageBroker broker, int messages, int publishers, int bytes)
    {
        var each = messages / publishers;
        var flow = new Flow(each * publishers);
        var subscription = Topic.Subscriptions[0];
        var source = await broker.OpenAsync(subscription, CancellationToken.None);
        using var stopping = new CancellationTokenSource();
        var runner = new SubscriptionRunner(subscription, source, flow, flow, TimeProvider.System);
        using var process = Process.GetCurrentProcess();
        var (cpu, begin) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var running = Task.Run(() => runner.RunAsync(stopping.Token, CancellationToken.None), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(() => PublishAsync(broker, each, bytes))));
        await flow._done.Task;
        var elapsed = Stopwatch.GetElapsedTime(begin);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        await stopping.CancelAsync();
        await Task.WhenAll(running);
        return flow.Describe(elapsed, cpu);
    }

    /// <inheritdoc/>
    public ValueTask<HandlingResult> HandleAsync(Delivery delivery, CancellationToken cancellation)
    {
        var published = BinaryPrimitives.ReadInt64LittleEndian(delivery.Body.Span);
        var number = Interlocked.Increment(ref _handled);
        _ticks[number - 1] = Stopwatch.GetTimestamp() - published;
        if (number == _ticks.Length)
        {
            _done.TrySetResult();
        }

        return new(HandlingResult.Done);
    }

    /// <inheritdoc/>
    public void ReceivingFailed(BrokerSubscription subscription, Exception error, TimeSpan next) => _done.TrySetException(error);

    /// <inheritdoc/>
    public void WillRetry(BrokerSubscription subscription, Delivery delivery, string error, TimeSpan delay) => _done.TrySetException(new InvalidOperationException(error));

    /// <inheritdoc/>
    public void GaveUp(BrokerSubscription subscription, Delivery delivery, DeadLetterReason reason) => _done.TrySetException(new InvalidOperationException(reason.Text));

    /// <inheritdoc/>
    public void SettlingFailed(BrokerSubscription subscription, Delivery delivery, Exception error) => _done.TrySetException(error);

    private static async Task PublishAsync(IMessageBroker broker, int count, int bytes)
    {
        var publisher = broker.PublisherOf(Topic);
        var body = new byte[Math.Max(bytes, sizeof(long))];
        for (var sent = 0; sent < count; sent++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body, Stopwatch.GetTimestamp());
            var result = (await publisher.PublishAsync([new OutgoingMessage { Body = body }], CancellationToken.None))[0];
            if (result.Error is not null)
            {
                throw result.Error;
            }
        }
    }

    private string Describe(TimeSpan elapsed, TimeSpan cpu)
    {
        var count = _handled;
        var sorted = _ticks.AsSpan(0, count).ToArray();
        Array.Sort(sorted);
        double Ms(double share) => Stopwatch.GetElapsedTime(0, sorted[(int)(share * (count - 1))]).TotalMilliseconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count / elapsed.TotalSeconds:0} | {Ms(0.5):0.0} | {Ms(0.99):0.0} | {Ms(1):0.0} | {cpu.TotalMicroseconds / count:0.0}");
    }
}
