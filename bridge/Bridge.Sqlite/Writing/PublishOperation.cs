using Bridge.Core.PubSub;
using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>Publishes one call's messages.</summary>
/// <param name="topic">The topic.</param>
/// <param name="messages">One or more.</param>
internal sealed class PublishOperation(BrokerTopic topic, IReadOnlyList<OutgoingMessage> messages) : StoreOperation
{
    private readonly TaskCompletionSource<PublishResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PublishResult[] _results = new PublishResult[messages.Count];
    private int _isTaken;

    /// <inheritdoc/>
    public override int Weight => messages.Count;

    /// <inheritdoc/>
    public override bool TryBegin() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Waits for the results. Once the file is being written it can't be called off: the bodies are in use until then.</summary>
    public async Task<PublishResult[]> WaitAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(CallOff, cancellation);
        return await _done.Task;
    }

    /// <inheritdoc/>
    public override void Execute(MessageStore store)
    {
        var state = store.FindTopic(topic.Address);
        for (var index = 0; index < messages.Count; index++)
        {
            _results[index] = state is null
                ? PublishResult.Failed(Missing(store))
                : PublishResult.Taken(store.Publish(state, messages[index], topic.IsOrdered));
        }
    }

    /// <inheritdoc/>
    public override void Complete(Exception? error)
    {
        if (error is not null)
        {
            Array.Fill(_results, PublishResult.Failed(error));
        }

        _done.SetResult(_results);
    }

    private BrokerException Missing(MessageStore store) => new(
        $"{store.Name} has no topic {topic.Address}", "Start the host with provisioning of topics, which makes it.", isTransient: false);

    private void CallOff(object? cancellation)
    {
        if (TryBegin())
        {
            _done.SetCanceled((CancellationToken)cancellation!);
        }
    }
}
