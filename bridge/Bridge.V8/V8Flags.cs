using System.Text;

namespace Bridge.V8;

/// <summary>What V8 is told of the process it runs in, before its first isolate.</summary>
/// <remarks>
/// Justification (unsafe): <c>V8::SetFlagsFromString</c> reads a zero-terminated text. V8 ends the process where flags come after its first
/// isolate, so <see cref="TryGive"/> refuses them once an engine was made.
/// </remarks>
internal static unsafe class V8Flags
{
    private const string SetFlagsFromString = "_ZN2v82V818SetFlagsFromStringEPKc";

    private static readonly Lock Gate = new();
    private static bool _isTooLate;

    /// <summary>Says that an engine is about to be made. Thread: any.</summary>
    internal static void Close()
    {
        lock (Gate)
        {
            _isTooLate = true;
        }
    }

    /// <summary>Gives V8 flags. Thread: any.</summary>
    /// <param name="flags">As on the command line of V8's own shell.</param>
    /// <returns>False where it is too late, or where the library doesn't let itself be told.</returns>
    internal static bool TryGive(string flags)
    {
        lock (Gate)
        {
            Span<nint> found = stackalloc nint[1];
            if (_isTooLate || !V8Library.TryFind([SetFlagsFromString], found))
            {
                return false;
            }

            fixed (byte* text = Encoding.ASCII.GetBytes(flags + "\0"))
            {
                ((delegate* unmanaged<byte*, void>)found[0])(text);
            }

            return true;
        }
    }
}
