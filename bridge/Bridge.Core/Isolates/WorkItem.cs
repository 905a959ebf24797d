namespace Bridge.Core.Isolates;

/// <summary>Something for the isolate's thread to do; the link makes the queue free of allocations.</summary>
internal abstract class WorkItem
{
    /// <summary>Owned by <see cref="WorkQueue"/> from push to take.</summary>
    internal WorkItem? Next { get; set; }
}
