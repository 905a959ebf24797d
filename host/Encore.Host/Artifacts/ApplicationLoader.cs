using System.Security.Cryptography;
using System.Text;
using Bridge.Core.Schema;
using Google.Protobuf;

namespace Encore.Host.Artifacts;

/// <summary>Reads what a build wrote and verifies that its parts belong together.</summary>
public static class ApplicationLoader
{
    private const string RebuildHelp = "build it again with `encore-host build`";

    /// <summary>Whether a built application lies there.</summary>
    /// <param name="bundlePath">The bundle; its schema is looked for beside it.</param>
    public static bool IsBuilt(string bundlePath) => File.Exists(SchemaPathOf(bundlePath));

    /// <summary>Reads an application.</summary>
    /// <param name="bundlePath">The bundle; its schema lies beside it.</param>
    /// <param name="root">The folder of the application's own files; null takes the bundle's.</param>
    /// <exception cref="ArtifactException">A file is missing, corrupt, too new, or they don't belong together.</exception>
    public static LoadedApplication Load(string bundlePath, string? root = null)
    {
        var path = Path.GetFullPath(bundlePath);
        var bundle = ReadBytes(path, "bundle");
        var schema = LoadSchema(SchemaPathOf(path));
        if (schema.Build is null || !schema.Build.BundleSha256.Span.SequenceEqual(SHA256.HashData(bundle)))
        {
            throw new ArtifactException(
                $"{path} doesn't belong to the {ArtifactFiles.Schema} beside it: their checksums differ.",
                "one of them was changed or copied on its own; " + RebuildHelp);
        }

        var map = path + ".map";
        return new LoadedApplication(
            schema,
            Encoding.UTF8.GetString(bundle),
            path,
            File.Exists(map) ? map : null,
            root ?? Path.GetDirectoryName(path) ?? "/");
    }

    /// <summary>Reads a schema artifact on its own.</summary>
    /// <exception cref="ArtifactException">It is missing, corrupt or too new.</exception>
    public static Application LoadSchema(string path)
    {
        var bytes = ReadBytes(path, "schema artifact");
        Application schema;
        try
        {
            schema = Application.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Corrupt(path, error);
        }

        return schema.FormatVersion switch
        {
            0 => throw Corrupt(path, inner: null),
            > ArtifactFiles.FormatVersion => throw new ArtifactException(
                $"{path} has format version {schema.FormatVersion}; this encore-host reads up to {ArtifactFiles.FormatVersion}.",
                "it was built by a newer encore-host: update this one, or build the application with it"),
            _ => schema,
        };
    }

    private static ArtifactException Corrupt(string path, Exception? inner) =>
        new($"{path} isn't a schema artifact, or it is damaged.", RebuildHelp, inner);

    private static string SchemaPathOf(string bundlePath) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(bundlePath)) ?? "/", ArtifactFiles.Schema);

    private static byte[] ReadBytes(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactException($"The {what} {path} doesn't exist.", "make it with `encore-host build`", error) { IsMissing = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactException($"The {what} {path} can't be read: {error.Message}", "check the file's permissions", error);
        }
    }
}
