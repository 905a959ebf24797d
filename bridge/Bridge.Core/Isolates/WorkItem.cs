namespace Bridge.Core.Isolates;

/// <summary>Something for the isolate's thread to do; the link makes the queue free of allocations.</summary>
internal abstract class WorkItem
{
    /// <summary>Owned by the stack that the item is on: <see cref="WorkQueue"/>'s, or a loop's of answered calls.</summary>
    internal WorkItem? Next { get; set; }

    /// <summary>Turns a stack around: what was pushed first comes first.</summary>
    internal static WorkItem? OldestFirst(WorkItem? newest)
    {
        WorkItem? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
