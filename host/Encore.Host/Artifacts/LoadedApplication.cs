using Bridge.Core.Schema;

namespace Encore.Host.Artifacts;

/// <summary>A built application, read and verified: what the host starts.</summary>
/// <param name="Schema">Everything the host knows of it.</param>
/// <param name="BundleText">The bundle, an ES module.</param>
/// <param name="BundlePath">The bundle's file.</param>
/// <param name="SourceMapPath">The bundle's source map; null where there is none beside it.</param>
/// <param name="Root">The folder that the application's own files, such as migrations, are relative to.</param>
public sealed record LoadedApplication(
    Application Schema,
    string BundleText,
    string BundlePath,
    string? SourceMapPath,
    string Root)
{
    /// <summary>The application's name.</summary>
    public string Name => Schema.Name;
}
