using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary>The argument that names an application's sources.</summary>
internal static class SourceArgument
{
    /// <summary>A folder or a file; the working directory where it is left out.</summary>
    public static Argument<string> Create() => new("source")
    {
        Description = "The application's folder, or one file (.ts, .js, …) that is built with what it imports.",
        HelpName = "folder|file",
        DefaultValueFactory = _ => ".",
    };
}
