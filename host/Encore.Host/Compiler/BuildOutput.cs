using System.Security.Cryptography;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Google.Protobuf;

namespace Encore.Host.Compiler;

/// <summary>What a successful build made, in memory, and what it read.</summary>
/// <param name="Schema">The application's description; its build names the bundle's hash.</param>
/// <param name="Bundle">The bundle's bytes.</param>
/// <param name="SourceMap">Its source map's bytes.</param>
/// <param name="Inputs">Files read, absolute.</param>
/// <param name="Folders">Folders whose content decided what belongs to the application, absolute.</param>
/// <param name="Missing">Paths looked for in vain, absolute.</param>
public sealed record BuildOutput(
    Application Schema,
    byte[] Bundle,
    byte[] SourceMap,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Folders,
    IReadOnlyCollection<string> Missing)
{
    /// <summary>Ties a schema to its bundle.</summary>
    public static Application Sealed(byte[] schema, byte[] bundle)
    {
        var application = Application.Parser.ParseFrom(schema);
        application.Build ??= new Build();
        application.Build.BundleSha256 = ByteString.CopyFrom(SHA256.HashData(bundle));
        return application;
    }

    /// <summary>Writes the three files; each appears whole, the schema last, so that a reader never meets a pair that doesn't match for long.</summary>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteWhole(Path.Combine(folder, ArtifactFiles.SourceMap), SourceMap);
        WriteWhole(Path.Combine(folder, ArtifactFiles.Bundle), Bundle);
        WriteWhole(Path.Combine(folder, ArtifactFiles.Schema), Schema.ToByteArray());
    }

    private static void WriteWhole(string path, byte[] bytes)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }
}
