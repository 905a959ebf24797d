using Bridge.Core.Scripting;

namespace Bridge.V8;

/// <summary>Creates V8 engines through ClearScript.</summary>
public sealed class V8EngineFactory : IScriptEngineFactory
{
    /// <inheritdoc/>
    public string Name => V8Engine.EngineName;

    /// <summary>Creates an engine that belongs to the calling thread.</summary>
    /// <exception cref="DllNotFoundException">V8's native library doesn't load on this machine.</exception>
    public IScriptEngine Create(ScriptEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        V8Flags.Ensure();
        return new V8Engine(options);
    }
}
