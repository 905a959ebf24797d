using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>
/// The right to use the engine, for as long as the current stack frame lasts: it can't be stored, captured or awaited over.
/// </summary>
internal readonly ref struct IsolateScope
{
    internal IsolateScope(IsolateThread thread)
    {
        if (!thread.IsCurrent)
        {
            throw new InvalidOperationException("Only the isolate's own thread may use its engine; post the work with Isolate.CallAsync instead.");
        }

        Engine = thread.Engine;
    }

    internal IScriptEngine Engine { get; }
}
