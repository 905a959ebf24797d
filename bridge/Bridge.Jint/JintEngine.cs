using Bridge.Core.Scripting;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Bridge.Jint;

/// <summary>The Jint side of the scripting seam.</summary>
internal sealed class JintEngine : IScriptEngine
{
    internal const string EngineName = "jint";

    /// <summary>How deep JSON may be nested: far beyond what the decode plans let in, and what the isolate thread's stack holds with ease.</summary>
    private const int MaxJsonDepth = 2_000;

    private readonly Engine _engine;
    private readonly InterruptConstraint _interrupt = new();
    private int _modules;

    internal JintEngine(ScriptEngineOptions options)
    {
        _engine = new Engine(configuration =>
        {
            configuration.Constraint(_interrupt);
            configuration.Constraints.StackOverflowGuard = true;
            configuration.MaxJsonParseDepth(MaxJsonDepth);
            configuration.EnableModules(new JintImportRefusal());
            if (options.MaxHeapMiB > 0)
            {
                configuration.LimitMemory(options.MaxHeapMiB * 1024L * 1024L);
            }
        });
    }

    public string Name => EngineName;

    /// <remarks>Jint's objects live on the managed heap with everything else.</remarks>
    public long HeapBytes => GC.GetTotalMemory(forceFullCollection: false);

    public void DefineHost(string globalName, IReadOnlyList<HostFunction> functions)
    {
        var host = new JsObject(_engine);
        foreach (var function in functions)
        {
            host.Set(function.Name, Wrap(function));
        }

        _engine.SetValue(globalName, host);
    }

    /// <remarks>Jint keeps no such value, and has no place to put one.</remarks>
    public void DefineContinuationData(string globalName)
    {
    }

    public void DefineTurnSink(string globalName, string functionName, TurnSink sink)
    {
        var function = new ClrFunction(_engine, functionName, (_, arguments) =>
        {
            sink((int)arguments[0].AsNumber(), arguments[1].AsString(), arguments[2].AsString());
            return JsValue.Undefined;
        });
        _engine.GetValue(globalName).AsObject().Set(functionName, function);
    }

    public ISharedMemory ShareMemory(string globalName, int byteLength)
    {
        var memory = new JintSharedMemory(new byte[byteLength]);
        _engine.SetValue(globalName, _engine.Intrinsics.ArrayBuffer.Construct(memory.Array));
        return memory;
    }

    public void Execute(ScriptSource source) => Run(() =>
    {
        _engine.Execute(source.Text, source.Name);
        return JsValue.Undefined;
    });

    public void StartModule(ScriptSource source, IScriptFunction settled)
    {
        var callback = ((JintFunction)settled).Target;

        // Each start is a module of its own; the suffix never shows, since stack traces carry the document's name.
        var specifier = $"{source.Name}#{++_modules}";
        try
        {
            var module = Engine.PrepareModule(source.Text, source.Name);
            _engine.Modules.Add(specifier, builder => builder.AddModule(module));
            var promise = _engine.Modules.StartImport(specifier).Promise;
            var observe = _engine.Evaluate("((promise, settled) => void promise.then(() => settled(), settled))");
            Run(() => _engine.Call(observe, promise, callback));
        }
        catch (JavaScriptException exception)
        {
            Run(() => _engine.Call(callback, exception.Error));
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not ScriptException)
        {
            throw JintErrors.Translate(exception);
        }
    }

    public IScriptFunction GetFunction(string expression)
    {
        var value = Run(() => _engine.Evaluate($"({expression})"));
        return value.IsCallable()
            ? new JintFunction(value, this)
            : throw new ScriptException($"{expression} is not a function", "");
    }

    public void Interrupt() => _interrupt.Request();

    public void Dispose() => _engine.Dispose();

    internal ScriptValue Call(JsValue function, ReadOnlySpan<ScriptValue> arguments)
    {
        var values = new JsValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = JintValues.ToScript(_engine, arguments[i]);
        }

        return JintValues.ToHost(Run(() => _engine.Call(function, JsValue.Undefined, values)));
    }

    // Entry from the host ends like V8's: with the microtasks run.
    private JsValue Run(Func<JsValue> action)
    {
        try
        {
            var result = action();
            _engine.Advanced.ProcessTasks();
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not ScriptException)
        {
            throw JintErrors.Translate(exception);
        }
    }

    private ClrFunction Wrap(HostFunction function) => new(_engine, function.Name, (_, arguments) =>
    {
        var values = new ScriptValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = JintValues.ToHost(arguments[i]);
        }

        ScriptValue result;
        try
        {
            result = function.Body(values);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not JavaScriptException)
        {
            // Justification: the seam promises that a host function's exception becomes a script Error.
            throw new JavaScriptException(_engine.Intrinsics.Error, exception.Message, exception);
        }

        return JintValues.ToScript(_engine, result);
    });
}
