using System.Text;

namespace Bridge.V8;

/// <summary>What V8 is told of the process it runs in, before its first isolate: to optimise hot functions on their isolate's own thread.</summary>
/// <remarks>
/// In the background, where V8 does it otherwise, most of these jobs stay undone on ClearScript's platform for as long as nothing else is done
/// there, and the functions that wait for them, the hottest of all, stay interpreted. Measured on two processors: 1 of 18 jobs done after 12 s,
/// and 2.2 µs a call through the isolate instead of 1.2. A job takes a millisecond or two, once for each function. The same in every process:
/// V8 refuses compiled scripts that were made under other flags.
/// <para>
/// Justification (unsafe): <c>V8::SetFlagsFromString</c> reads a zero-terminated text. V8 ends the process where flags come after its first
/// isolate, so they are given when the first engine is about to be made. Where the symbol is missing, nothing changes.
/// </para>
/// </remarks>
internal static unsafe class V8Flags
{
    private const string SetFlagsFromString = "_ZN2v82V818SetFlagsFromStringEPKc";
    private const string Flags = "--no-concurrent-recompilation";

    private static readonly Lazy<bool> Given = new(Give);

    /// <summary>Gives V8 its flags, once in a process. Thread: any.</summary>
    /// <returns>False where the library doesn't let itself be told.</returns>
    internal static bool Ensure() => Given.Value;

    private static bool Give()
    {
        Span<nint> found = stackalloc nint[1];
        if (!V8Library.TryFind([SetFlagsFromString], found))
        {
            return false;
        }

        fixed (byte* text = Encoding.ASCII.GetBytes(Flags + "\0"))
        {
            ((delegate* unmanaged<byte*, void>)found[0])(text);
        }

        return true;
    }
}
