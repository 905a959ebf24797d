using Bridge.Core.PubSub;

namespace Bridge.GooglePubSub.Push;

/// <summary>A pushed message in the hands of this process. While a request waits for its end, nobody else has it.</summary>
/// <param name="source">Where it came from.</param>
/// <param name="key">The key whose order it keeps; "" for none.</param>
internal sealed class PushDelivery(PushSource source, string key) : Delivery
{
    private readonly TaskCompletionSource<PushAnswer> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What became of it.</summary>
    public Task<PushAnswer> End => _end.Task;

    /// <summary>How many requests wait for its end. Guarded by the source's lock.</summary>
    public int Listeners { get; set; }

    /// <inheritdoc/>
    public override Task AcknowledgeAsync(CancellationToken cancellation)
    {
        source.Finish(this, PushAnswer.Done);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>When it comes again, the subscription at the service says.</remarks>
    public override Task RetryAsync(TimeSpan delay, CancellationToken cancellation)
    {
        source.Finish(this, new PushAnswer(PushOutcome.Failed, "its handler has failed"));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task DeadLetterAsync(DeadLetterReason reason, CancellationToken cancellation)
    {
        try
        {
            await source.Dead.AddAsync(this, key, reason, cancellation);
        }
        catch
        {
            // Justification: nothing is handled. The message comes again, and its request mustn't wait for ever.
            source.Finish(this, new PushAnswer(PushOutcome.Failed, "it couldn't be put among the dead letters"));
            throw;
        }

        source.Finish(this, PushAnswer.Done);
    }

    /// <inheritdoc/>
    public override Task ReleaseAsync(CancellationToken cancellation)
    {
        source.GiveBack(this);
        return Task.CompletedTask;
    }

    /// <summary>Answers the requests that wait. Thread: any, once.</summary>
    public void Complete(PushAnswer answer) => _end.TrySetResult(answer);
}
