using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>What an isolate loads: the application's module, and where its handlers are.</summary>
/// <param name="Source">The bundle, an ES module.</param>
/// <param name="Endpoints">The handlers; an endpoint's id is its index here.</param>
public sealed record ApplicationBundle(ScriptSource Source, IReadOnlyList<EndpointBinding> Endpoints);

/// <summary>Where an endpoint's handler is, and how its parameters become what TypeScript calls them.</summary>
/// <param name="Name"><c>service.endpoint</c>, for messages.</param>
/// <param name="Module">The module that exports it, as the bundle's entry names it.</param>
/// <param name="ExportName">The export's name.</param>
/// <param name="Reviver">
/// A JavaScript function expression that turns normalised values into Date, bigint and the like; null where there are none.
/// </param>
/// <param name="Lowerer">
/// A JavaScript function expression that turns what the handler returns into what <c>JSON.stringify</c> carries; null where that is the same.
/// </param>
public sealed record EndpointBinding(string Name, string Module, string ExportName, string? Reviver, string? Lowerer = null);
