namespace Encore.Host.Artifacts;

/// <summary>The names of what a build writes, and the version of the format.</summary>
public static class ArtifactFiles
{
    /// <summary>The application and its dependencies, one ES module.</summary>
    public const string Bundle = "app.js";

    /// <summary>Its source map.</summary>
    public const string SourceMap = "app.js.map";

    /// <summary>The application's description, an encoded <see cref="Bridge.Core.Schema.Application"/>.</summary>
    public const string Schema = "app.schema.pb";

    /// <summary>The newest <c>Application.format_version</c> this program reads.</summary>
    public const uint FormatVersion = 1;
}
