using System.Text;
using Bridge.Core.Scripting;

namespace Bridge.V8;

/// <summary>
/// Gives scripts the value that V8 keeps with every reaction of a promise ("continuation-preserved embedder data"): what follows an
/// <c>await</c> sees what was there before it, at no cost.
/// </summary>
/// <remarks>
/// V8's extras object has the two functions that read and write it; V8 makes it for embedders only, through
/// <c>Context::GetExtrasBindingObject</c>. ClearScript's promise hook would do too, at 11 µs a promise.
/// <para>
/// Justification (unsafe): all is called inside a host function, where an isolate and its context are entered and a handle scope is open.
/// A <c>Local</c> travels as one pointer; a <c>MaybeLocal</c> does too, null for nothing. Where a symbol is missing, scripts find nothing.
/// </para>
/// </remarks>
internal static unsafe class V8ContinuationData
{
    private static readonly string[] Symbols =
    [
        V8Library.IsolateGetCurrent,
        "_ZN2v87Isolate17GetCurrentContextEv",
        "_ZN2v87Context22GetExtrasBindingObjectEv",
        "_ZN2v87Context6GlobalEv",
        "_ZN2v86String11NewFromUtf8EPNS_7IsolateEPKcNS_13NewStringTypeEi",
        "_ZN2v86Object3SetENS_5LocalINS_7ContextEEENS1_INS_5ValueEEES5_",
    ];

    /// <summary>A host function that puts V8's extras object on the global object, under the name it is called with.</summary>
    internal static HostFunction Define { get; } = new("defineContinuationData", static arguments =>
    {
        Span<nint> found = stackalloc nint[Symbols.Length];
        if (!V8Library.TryFind(Symbols, found))
        {
            return ScriptValue.Undefined;
        }

        const int NormalString = 0;
        var name = Encoding.UTF8.GetBytes(arguments[0].AsText());
        var isolate = ((delegate* unmanaged<nint>)found[0])();
        var context = ((delegate* unmanaged<nint, nint>)found[1])(isolate);
        var extras = ((delegate* unmanaged<nint, nint>)found[2])(context);
        var global = ((delegate* unmanaged<nint, nint>)found[3])(context);
        fixed (byte* text = name)
        {
            var key = ((delegate* unmanaged<nint, byte*, int, int, nint>)found[4])(isolate, text, NormalString, name.Length);
            if (key != 0)
            {
                ((delegate* unmanaged<nint, nint, nint, nint, ushort>)found[5])(global, context, key, extras);
            }
        }

        return ScriptValue.Undefined;
    });
}
