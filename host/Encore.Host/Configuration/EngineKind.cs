namespace Encore.Host.Configuration;

/// <summary>The JavaScript engine that runs an application.</summary>
public enum EngineKind
{
    /// <summary>Compiles to machine code; needs its native library.</summary>
    V8,

    /// <summary>Managed code only: slow, for machines where V8's library doesn't load.</summary>
    Jint,
}
