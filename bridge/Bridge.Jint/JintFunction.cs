using Bridge.Core.Scripting;
using Jint.Native;

namespace Bridge.Jint;

/// <summary>A script function held from the host.</summary>
internal sealed class JintFunction(JsValue target, JintEngine engine) : IScriptFunction
{
    internal JsValue Target => target;

    public ScriptValue Invoke(params ReadOnlySpan<ScriptValue> arguments) => engine.Call(target, arguments);

    public void Dispose()
    {
        // The managed heap owns it.
    }
}
