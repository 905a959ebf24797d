using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>A request whose answer is still to come. Whoever waits for one goes on where it ends: never within the loop that receives.</summary>
/// <param name="subject">What it was sent to.</param>
internal abstract class PendingRequest(ReadOnlyMemory<byte> subject)
{
    /// <summary>What it was sent to.</summary>
    internal ReadOnlyMemory<byte> Subject { get; } = subject;

    /// <summary>Ends requests by their answers, one after the other on the thread pool: a work item for each would cost more than what they do.</summary>
    internal static void Succeed(List<(PendingRequest Request, NatsMessage Answer)> answered) => ThreadPool.UnsafeQueueUserWorkItem(
        static all => all.ForEach(one => one.Request.Succeed(one.Answer)), answered, preferLocal: false);

    /// <summary>Ends it by an error.</summary>
    internal void FailLater(Exception error) => ThreadPool.UnsafeQueueUserWorkItem(
        static failed => failed.Request.Fail(failed.Error), (Request: this, Error: error), preferLocal: false);

    /// <summary>Ends it by its answer. Thread: the thread pool's.</summary>
    protected abstract void Succeed(in NatsMessage answer);

    /// <summary>Ends it by an error. Thread: the thread pool's.</summary>
    protected abstract void Fail(Exception error);
}

/// <summary>A request that somebody waits for.</summary>
/// <param name="subject">What it was sent to.</param>
internal sealed class SingleRequest(ReadOnlyMemory<byte> subject) : PendingRequest(subject)
{
    private readonly TaskCompletionSource<NatsMessage> _answer = new();

    /// <summary>Its answer.</summary>
    internal Task<NatsMessage> Answer => _answer.Task;

    /// <inheritdoc/>
    protected override void Succeed(in NatsMessage answer) => _answer.TrySetResult(answer);

    /// <inheritdoc/>
    protected override void Fail(Exception error)
    {
        if (error is OperationCanceledException cancelled)
        {
            _answer.TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _answer.TrySetException(error);
        }
    }
}
