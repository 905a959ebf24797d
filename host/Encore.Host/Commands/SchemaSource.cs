using System.CommandLine;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Compiler;
using Encore.Host.Diagnostics;

namespace Encore.Host.Commands;

/// <summary>What commands that describe an application read: its sources, or the artifact that a build made of them.</summary>
internal static class SchemaSource
{
    /// <summary>The argument that names it.</summary>
    public static Argument<string> Argument() => new("source")
    {
        Description = $"The application's folder, one file of it, or a built {ArtifactFiles.Schema} (or its folder).",
        HelpName = $"folder|file|{ArtifactFiles.Schema}",
        DefaultValueFactory = _ => ".",
    };

    /// <summary>The artifact that a path names, or that its sources give; null where those have errors, which have been shown.</summary>
    public static async Task<Application?> LoadAsync(string path)
    {
        if (BuiltSchema(path) is { } built)
        {
            return ApplicationLoader.LoadSchema(Path.GetFullPath(built));
        }

        var source = ApplicationSource.From(path);
        using var progress = Progress.Show("checking " + Terminal.Shorten(source.Entry ?? source.Root));
        var result = await new ApplicationCompiler(HostFiles.Locate()).CheckAsync(source);
        progress.Dispose();
        Terminal.WriteDiagnostics(result, source.Root);
        return result.Schema;
    }

    /// <summary>The artifact that a path names, or that lies in its folder or beside its bundle.</summary>
    private static string? BuiltSchema(string path)
    {
        if (Path.GetExtension(path) == Path.GetExtension(ArtifactFiles.Schema))
        {
            return path;
        }

        var folder = ApplicationSource.BuiltBundle(path) is { } bundle ? Path.GetDirectoryName(bundle) ?? "." : path;
        var schema = Path.Combine(folder, ArtifactFiles.Schema);
        return File.Exists(schema) ? schema : null;
    }
}
