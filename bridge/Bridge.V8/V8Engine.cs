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

    private const V8ScriptEngineFlags Flags = V8ScriptEngineFlags.DisableGlobalMembers
        | V8ScriptEngineFlags.HideHostExceptions
        | V8ScriptEngineFlags.EnableDynamicModuleImports;

    private readonly V8ScriptEngine _engine;
    private readonly V8Values _values;
    private readonly V8HeapLimit? _heapLimit;

    internal V8Engine(ScriptEngineOptions options)
    {
        _engine = new V8ScriptEngine(options.Name, V8HeapLimit.Constraints(options.MaxHeapMiB), Flags)
        {
            DocumentSettings = { AccessFlags = DocumentAccessFlags.None, Loader = new V8ImportRefusal() },
        };
        _heapLimit = options.MaxHeapMiB > 0 ? new V8HeapLimit(_engine, options.MaxHeapMiB) : null;
        _values = new V8Values(_engine);
        using var call = Evaluate("(remove) => remove()");
        call.InvokeAsFunction(_values.Wrap(V8PromiseHook.Remove));
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

    public void DefineContinuationData(string globalName)
    {
        using var define = Evaluate($"(define) => define({Quote(globalName)})");
        define.InvokeAsFunction(_values.Wrap(V8ContinuationData.Define));
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
            throw Translate(exception);
        }
    }

    public void StartModule(ScriptSource source, IScriptFunction settled)
    {
        var callback = ((V8Function)settled).Target;
        try
        {
            using var script = Compile(source, new DocumentInfo(source.Name) { Category = ModuleCategory.Standard });
            Start(script, callback);
        }
        catch (ScriptEngineException exception)
        {
            throw Translate(exception);
        }
    }

    public IScriptFunction GetFunction(string expression)
    {
        try
        {
            return _engine.Evaluate($"((value) => typeof value === 'function' ? value : null)(({expression}))") is ScriptObject function
                ? new V8Function(function, this, _values)
                : throw new ScriptException($"{expression} is not a function", "");
        }
        catch (ScriptEngineException exception)
        {
            throw Translate(exception);
        }
    }

    public void Interrupt() => _engine.Interrupt();

    public void Dispose() => _engine.Dispose();

    /// <summary>
    /// The script's error as the seam's; an interrupted script needs no translation, since ClearScript's exception is an
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    internal ScriptException Translate(ScriptEngineException exception)
    {
        if (exception.IsFatal)
        {
            _heapLimit?.Recover();
        }

        return new ScriptException(exception.Message, exception.ErrorDetails ?? "", exception);
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private void Start(V8Script module, ScriptObject settled)
    {
        object? outcome;
        try
        {
            outcome = _engine.Evaluate(module);
        }
        catch (ScriptEngineException exception) when (!exception.IsFatal)
        {
            // What was thrown, of whatever type: settled tells by its having an argument at all.
            settled.InvokeAsFunction(exception.ScriptExceptionAsObject);
            return;
        }

        // A promise where the module awaits at its top level, undefined where it is done.
        if (outcome is ScriptObject promise)
        {
            using var observe = Evaluate("(promise, settled) => void promise.then(() => settled(), settled)");
            observe.InvokeAsFunction(promise, settled);
            promise.Dispose();
        }
        else
        {
            settled.InvokeAsFunction();
        }
    }

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
