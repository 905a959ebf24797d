using Microsoft.ClearScript.V8;

namespace Bridge.V8;

/// <summary>
/// Keeps a script's heap within its limit, and the process alive.
/// </summary>
/// <remarks>
/// V8 ends the process when it can't stay within its own limit. So the limit that was asked for is watched from outside, where overrunning it
/// ends the script alone, and V8's own lies above it. A script that allocates in nothing but built-in functions may still outrun the watch,
/// since V8 looks at requests to end only in JavaScript's own loops and calls.
/// </remarks>
internal sealed class V8HeapLimit
{
    /// <summary>How far V8's own limit lies above, in MiB: what a script allocates while nobody looks.</summary>
    private const int HeadroomMiB = 256;

    // Above the limit every look collects garbage first, so looking more often would stop the script from getting anywhere.
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(50);

    private readonly V8ScriptEngine _engine;
    private readonly nuint _bytes;

    internal V8HeapLimit(V8ScriptEngine engine, int limitMiB)
    {
        _engine = engine;
        _bytes = checked((nuint)limitMiB * 1024 * 1024);
        engine.RuntimeHeapSizeSampleInterval = SampleInterval;
        engine.RuntimeHeapSizeViolationPolicy = V8RuntimeViolationPolicy.Interrupt;
        engine.MaxRuntimeHeapSize = _bytes;
    }

    /// <summary>What V8 itself is told; null where there is no limit.</summary>
    internal static V8RuntimeConstraints? Constraints(int limitMiB) =>
        limitMiB > 0 ? new V8RuntimeConstraints { MaxOldSpaceSize = checked(limitMiB + HeadroomMiB) } : null;

    /// <summary>Frees what the ended script left behind and lets scripts run again.</summary>
    internal void Recover()
    {
        _engine.CollectGarbage(exhaustive: true);
        _engine.MaxRuntimeHeapSize = _bytes;
    }
}
