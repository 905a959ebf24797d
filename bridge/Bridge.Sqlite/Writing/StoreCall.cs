using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>An operation that is asked for seldom.</summary>
/// <typeparam name="T">What it results in.</typeparam>
/// <param name="work">What it does. An exception of its own undoes what others do with it, so it throws none.</param>
/// <param name="isDurable">Whether it has to outlast a power cut.</param>
internal sealed class StoreCall<T>(Func<MessageStore, T> work, bool isDurable) : StoreOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    /// <summary>Its result, once it is done.</summary>
    public Task<T> Result => _done.Task;

    /// <inheritdoc/>
    public override bool IsDurable => isDurable;

    /// <inheritdoc/>
    public override void Execute(MessageStore store) => _result = work(store);

    /// <inheritdoc/>
    public override void Complete(Exception? error)
    {
        if (error is null)
        {
            _done.SetResult(_result);
        }
        else
        {
            _done.SetException(error);
        }
    }
}
