using Bridge.Core.Scripting;

namespace Bridge.Jint;

/// <summary>Creates Jint engines: managed code only, for machines where V8's library doesn't load and for tests of the seam.</summary>
public sealed class JintEngineFactory : IScriptEngineFactory
{
    /// <inheritdoc/>
    public string Name => JintEngine.EngineName;

    /// <inheritdoc/>
    public IScriptEngine Create(ScriptEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new JintEngine(options);
    }
}
