namespace Bridge.Core.Scripting;

/// <summary>
/// One JavaScript engine instance: the seam between the isolate and V8 or Jint.
/// </summary>
/// <remarks>
/// Thread: every member belongs to the thread that created the engine, except <see cref="Interrupt"/>.
/// Errors: script errors surface as <see cref="ScriptException"/>, an interrupted script as <see cref="OperationCanceledException"/>.
/// </remarks>
public interface IScriptEngine : IDisposable
{
    /// <summary>The engine's name in logs and reports: "v8" or "jint".</summary>
    string Name { get; }

    /// <summary>
    /// Makes <c>globalThis[globalName]</c> an object whose methods are the given host functions.
    /// </summary>
    void DefineHost(string globalName, IReadOnlyList<HostFunction> functions);

    /// <summary>
    /// Makes <c>globalThis[globalName]</c> an object with the functions <c>getContinuationPreservedEmbedderData</c> and
    /// <c>setContinuationPreservedEmbedderData</c>, whose value follows promises: what continues after an <c>await</c> sees what was there
    /// before it. Does nothing where the engine has no such thing.
    /// </summary>
    void DefineContinuationData(string globalName);

    /// <summary>Adds the function that ends a turn to the object of <see cref="DefineHost"/>: apart from the others, since it is the hot one.</summary>
    void DefineTurnSink(string globalName, string functionName, TurnSink sink);

    /// <summary>
    /// Makes <c>globalThis[globalName]</c> an ArrayBuffer of <paramref name="byteLength"/> bytes (a multiple of 8) that host and script share.
    /// </summary>
    /// <returns>The same bytes, seen from the host; valid until the engine is disposed.</returns>
    ISharedMemory ShareMemory(string globalName, int byteLength);

    /// <summary>Runs a classic script to its end; its completion value is dropped. Microtasks have run when it returns.</summary>
    void Execute(ScriptSource source);

    /// <summary>
    /// Starts an ES module. <paramref name="settled"/> is a script function, called once with no arguments when the module and its
    /// top-level awaits are done, or with the error that ended it. Every import is such an error: a bundle has none.
    /// </summary>
    /// <exception cref="ScriptException">The module doesn't parse; the stack names the position.</exception>
    void StartModule(ScriptSource source, IScriptFunction settled);

    /// <summary>Evaluates an expression whose value is a function, and holds on to that function.</summary>
    IScriptFunction GetFunction(string expression);

    /// <summary>
    /// Ends the running script, also an endless loop; the engine stays usable. One that comes as the script ends by itself may cut its
    /// microtasks short without the call's throwing. Thread: any.
    /// </summary>
    void Interrupt();

    /// <summary>Bytes the script heap uses now.</summary>
    long HeapBytes { get; }
}

/// <summary>A script function held by the host.</summary>
/// <remarks>Thread: the engine's.</remarks>
public interface IScriptFunction : IDisposable
{
    /// <summary>
    /// Calls the function; what its <c>this</c> is, is the engine's affair. Microtasks have run when the outermost call returns.
    /// </summary>
    ScriptValue Invoke(params ReadOnlySpan<ScriptValue> arguments);
}

/// <summary>Bytes that host and script both see.</summary>
public interface ISharedMemory
{
    /// <summary>The bytes, in the machine's byte order. Thread: the engine's.</summary>
    Span<byte> Bytes { get; }
}

/// <summary>Creates engines of one kind.</summary>
public interface IScriptEngineFactory
{
    /// <summary>The engine's name: "v8" or "jint".</summary>
    string Name { get; }

    /// <summary>Creates an engine that belongs to the calling thread.</summary>
    IScriptEngine Create(ScriptEngineOptions options);
}

/// <summary>Limits and names of an engine.</summary>
/// <param name="Name">Shown by debuggers and profilers.</param>
/// <param name="MaxHeapMiB">Heap limit in MiB; 0 leaves the engine's own.</param>
public sealed record ScriptEngineOptions(string Name, int MaxHeapMiB = 0);
