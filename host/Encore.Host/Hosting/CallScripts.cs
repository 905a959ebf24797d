using Bridge.Core.Calls;
using Bridge.Core.Isolates;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;

namespace Encore.Host.Hosting;

/// <summary>Compiles the checks of calls between an application's services when they are needed: most endpoints are only called from outside.</summary>
/// <param name="application">The application.</param>
internal sealed class CallScripts(Application application) : ICallScripts
{
    private readonly ValueChecks _checks = new(application);

    /// <inheritdoc/>
    public string Support => ValueChecks.Support;

    /// <inheritdoc/>
    public HostFunctionBody Check => _checks.HostRules.Body;

    /// <inheritdoc/>
    public ValueCheck Of(int endpoint) => _checks.Compile(application.Endpoints[endpoint]);
}
