using System.Runtime.InteropServices;

namespace Bridge.V8;

/// <summary>
/// V8's own C++ functions, which ClearScript's linux-x64 library exports under their mangled names.
/// </summary>
/// <remarks>Whoever uses one must have a way without it: other platforms' libraries export none, and a later version may not.</remarks>
internal static class V8Library
{
    internal const string IsolateGetCurrent = "_ZN2v87Isolate10GetCurrentEv";

    private const string Name = "ClearScriptV8.linux-x64.so";

    /// <summary>Finds functions by their mangled names.</summary>
    /// <param name="symbols">The names.</param>
    /// <param name="functions">Their addresses, in the same order.</param>
    /// <returns>Whether all are there.</returns>
    internal static bool TryFind(ReadOnlySpan<string> symbols, Span<nint> functions)
    {
        // Where ClearScript finds it, beside the program or in NuGet's layout; whoever comes first loads it.
        if (!OperatingSystem.IsLinux()
            || (!NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, Name), out var library)
                && !NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", Name), out library)))
        {
            return false;
        }

        for (var i = 0; i < symbols.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(library, symbols[i], out functions[i]))
            {
                return false;
            }
        }

        return true;
    }
}
