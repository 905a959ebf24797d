namespace Bridge.Core.Isolates;

/// <summary>Rare work on the isolate's thread between two turns, such as loading or ending.</summary>
internal sealed class ControlItem(Action action) : WorkItem
{
    internal void Run() => action();
}
