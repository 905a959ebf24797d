namespace Encore.Host.OpenApi;

/// <summary>What a description says that the artifact doesn't know.</summary>
/// <param name="Version">The version of the API.</param>
/// <param name="Server">Where it is served.</param>
/// <param name="IncludesPrivate">Whether endpoints that aren't exposed are described too.</param>
public sealed record OpenApiOptions(string Version, string Server, bool IncludesPrivate)
{
    /// <summary>What it says where nobody says otherwise.</summary>
    public static OpenApiOptions Default { get; } = new("1.0.0", "http://127.0.0.1:4000", IncludesPrivate: false);
}
