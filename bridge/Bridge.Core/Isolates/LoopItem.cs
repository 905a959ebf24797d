namespace Bridge.Core.Isolates;

/// <summary>News from the isolate for whoever waits for it: completed by the loop that asked, else by the thread pool.</summary>
internal abstract class LoopItem : WorkItem
{
    /// <summary>The loop that completes it; null where the thread pool does.</summary>
    internal RequestLoop? Loop { get; private protected set; }

    /// <summary>Tells whoever waits.</summary>
    internal abstract void Complete();
}
