using System.Text.Json;
using Bridge.Core.Scripting;
using Microsoft.ClearScript;
using Microsoft.ClearScript.JavaScript;
using Microsoft.ClearScript.V8;
using IScriptEngine = Bridge.Core.Scripting.IScriptEngine;

namespace Bridge.V8;

/// <summary>The V8 side of the scripting seam: one V8 isolate with one context.</summary>
internal sealed class V8Engine : IScriptEngine
{
    internal const string EngineName = "v8";

    private readonly V8ScriptEngine _engine;
    private readonly V8Values _values;

    internal V8Engine(ScriptEngineOptions options)
    {
        var constraints = options.MaxHeapMiB > 0 ? new V8RuntimeConstraints { MaxOldSpaceSize = options.MaxHeapMiB } : null;
        const V8ScriptEngineFlags Flags = V8ScriptEngineFlags.DisableGlobalMembers | V8ScriptEngineFlags.HideHostExceptions;
        _engine = new V8ScriptEngine(options.Name, constraints, Flags)
        {
            // A bundle imports nothing, so nothing may be loaded.
            DocumentSettings = { AccessFlags = DocumentAccessFlags.None },
        };
        _values = new V8Values(_engine);
    }

    public string Name => EngineName;

    public long HeapBytes => checked((long)_engine.GetRuntimeHeapInfo().UsedHeapSize);

    public void DefineHost(string globalName, IReadOnlyList<HostFunction> functions)
    {
        var host = Evaluate($"globalThis[{Quote(globalName)}] = {{}}");
        foreach (var function in functions)
        {
            host.SetProperty(function.Name, _values.Wrap(function));
        }
    }

    public void DefineTurnSink(string globalName, string functionName, TurnSink sink) =>
        Evaluate($"globalThis[{Quote(globalName)}]").SetProperty(functionName, V8Values.Wrap(functionName, sink));

    public ISharedMemory ShareMemory(string globalName, int byteLength) =>
        new V8SharedMemory((IArrayBuffer)Evaluate($"globalThis[{Quote(globalName)}] = new ArrayBuffer({byteLength})"), byteLength);

    public void Execute(ScriptSource source)
    {
        try
        {
            using var script = Compile(source, new DocumentInfo(source.Name));
            _engine.Execute(script);
        }
        catch (ScriptEngineException exception)
        {
            throw V8Errors.Translate(exception);
        }
    }

    public void StartModule(ScriptSource source, IScriptFunction settled)
    {
        var callback = ((V8Function)settled).Target;
        try
        {
            using var script = Compile(source, new DocumentInfo(source.Name) { Category = ModuleCategory.Standard });

            // A promise where the module awaits at its top level, undefined where it is done.
            if (_engine.Evaluate(script) is ScriptObject promise)
            {
                using var observe = Evaluate("(promise, settled) => void promise.then(() => settled(), settled)");
                observe.InvokeAsFunction(promise, callback);
                promise.Dispose();
            }
            else
            {
                callback.InvokeAsFunction();
            }
        }
        catch (ScriptEngineException exception) when (exception.ScriptExceptionAsObject is ScriptObject error)
        {
            callback.InvokeAsFunction(error);
        }
        catch (ScriptEngineException exception)
        {
            throw V8Errors.Translate(exception);
        }
    }

    public IScriptFunction GetFunction(string expression)
    {
        try
        {
            return _engine.Evaluate($"({expression})") is ScriptObject function
                ? new V8Function(function, _values)
                : throw new ScriptException($"{expression} is not a function", "");
        }
        catch (ScriptEngineException exception)
        {
            throw V8Errors.Translate(exception);
        }
    }

    public void Interrupt() => _engine.Interrupt();

    public void Dispose() => _engine.Dispose();

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private ScriptObject Evaluate(string expression) => (ScriptObject)_engine.Evaluate($"({expression})");

    private V8Script Compile(ScriptSource source, DocumentInfo document)
    {
        if (source.CachePath is null)
        {
            return _engine.Compile(document, source.Text);
        }

        var cache = V8CodeCache.Read(source.CachePath);
        var script = _engine.Compile(document, source.Text, V8CacheKind.Code, ref cache, out var result);
        if (result is V8CacheResult.Updated && cache is not null)
        {
            V8CodeCache.Write(source.CachePath, cache);
        }

        return script;
    }
}
