using Bridge.Sqlite.Store;

namespace Bridge.Sqlite.Writing;

/// <summary>Something to be done in a message file, together with what others ask for at the same time.</summary>
internal abstract class StoreOperation
{
    /// <summary>Whether whoever asked for it has to find it done after a power cut.</summary>
    public virtual bool IsDurable => true;

    /// <summary>How many messages it is about.</summary>
    public virtual int Weight => 1;

    /// <summary>Takes it for good: from now on it can't be called off.</summary>
    /// <returns>false where it was called off.</returns>
    public virtual bool TryBegin() => true;

    /// <summary>Does it, within a transaction that may still fail. What it has to say waits for <see cref="Complete"/>.</summary>
    public abstract void Execute(MessageStore store);

    /// <summary>The transaction is over.</summary>
    /// <param name="error">Why nothing of it was done; null where it was.</param>
    public abstract void Complete(Exception? error);
}
