namespace Encore.Host.OpenApi;

/// <summary>What a description says that the artifact doesn't know.</summary>
/// <param name="Version">The version of the API.</param>
/// <param name="Server">Where it is served.</param>
/// <param name="IncludesPrivate">Whether endpoints that aren't exposed are described too.</param>
public sealed record OpenApiOptions(string Version, string Server, bool IncludesPrivate);
