using Bridge.Core.Scripting;
using Microsoft.ClearScript;

namespace Bridge.V8;

/// <summary>A script function held from the host.</summary>
internal sealed class V8Function(ScriptObject target, V8Engine engine, V8Values values) : IScriptFunction
{
    // Invariant: filled anew for each call and only read during it, so one array serves every call with that many arguments.
    private object?[] _arguments = [];
    private bool _running;

    internal ScriptObject Target => target;

    public ScriptValue Invoke(params ReadOnlySpan<ScriptValue> arguments)
    {
        var nested = _running;
        var array = nested || _arguments.Length != arguments.Length ? new object?[arguments.Length] : _arguments;
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = values.ToScript(arguments[i]);
        }

        try
        {
            _running = true;
            return V8Values.ToHost(target.InvokeAsFunction(array));
        }
        catch (ScriptEngineException exception)
        {
            throw engine.Translate(exception);
        }
        finally
        {
            _running = nested;
            if (!nested)
            {
                Array.Clear(array);
                _arguments = array;
            }
        }
    }

    public void Dispose() => target.Dispose();
}
