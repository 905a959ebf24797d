using Jint;
using Jint.Runtime;
using Jint.Runtime.Modules;

namespace Bridge.Jint;

/// <summary>Answers every import: a bundle holds all it needs, so nothing may be loaded.</summary>
internal sealed class JintImportRefusal : IModuleLoader
{
    public ResolvedSpecifier Resolve(string? referencingModuleLocation, ModuleRequest moduleRequest) =>
        new(moduleRequest, moduleRequest.Specifier, Uri: null, SpecifierType.Bare);

    public Module LoadModule(Engine engine, ResolvedSpecifier resolved) => throw new JavaScriptException(
        engine.Intrinsics.Error,
        $"Cannot import '{resolved.ModuleRequest.Specifier}': modules are bundled before they run, and this one isn't in the bundle.");
}
