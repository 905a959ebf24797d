using System.Text;
using Encore.Host.Compiler.Extraction;

namespace Encore.Host.Compiler;

/// <summary>
/// The modules that are made of an application itself, <c>~encore/clients</c> and <c>~encore/auth</c>: their code in the bundle, and their
/// declarations in <c>encore.gen</c>, where editors find them. And what the isolate has of Node's modules.
/// </summary>
internal static class GeneratedModules
{
    /// <summary>What imports of them look like, as a regular expression of Go's and .NET's common subset.</summary>
    public const string SpecifierPattern = "^~encore/(clients|auth)$";

    /// <summary>Where an application's modules lie.</summary>
    public static string FolderOf(string root) => Path.Combine(root, "encore.gen");

    /// <summary>What the bundle and its map call them: without the path's own slashes.</summary>
    public const string Namespace = "encore-generated";

    // Every service and endpoint is a member that is made when it is asked for: the bundler needn't know them, and which there are the
    // checker has seen to. A prototype, since what `import *` gives is a copy of the exports' own members.
    private const string Clients =
        """
        const { serviceClient } = require("encore-host/internal/calls");
        const services = new Proxy({}, { get: (_, name) => (typeof name === "string" ? serviceClient(name) : undefined) });
        module.exports = Object.create(services, { __esModule: { value: true } });
        """;

    /// <summary>What imports of Node's modules look like that the isolate has, in part.</summary>
    public const string NodePattern = "^(node:buffer|(node:)?(crypto|fs|fs/promises|path|path/posix))$";

    private const string Buffer = """export const Buffer = globalThis.Buffer; export default { Buffer };""";

    // By name, so that what isn't there is an error of the build and not of the running program.
    private const string Crypto =
        """export { default, getRandomValues, randomBytes, randomInt, randomUUID, timingSafeEqual, webcrypto } from "encore-host/internal/node/crypto";""";

    // Whole namespaces: a program may ask for a member by its name only.
    private const string FileSystem =
        """
        import * as all from "encore-host/internal/node/fs";
        export * from "encore-host/internal/node/fs";
        export default all;
        """;

    private const string FilePromises = """export { default } from "encore-host/internal/node/fs/promises"; export * from "encore-host/internal/node/fs/promises";""";

    private const string Paths = """export { default } from "encore-host/internal/node/path"; export * from "encore-host/internal/node/path";""";

    private const string Auth = """export { getAuthData } from "encore-host/internal/calls";""";

    /// <summary>Whether packages get the module of Node's too: what the isolate lacks of it says so when it is called.</summary>
    public static bool IsForPackages(string specifier) =>
        !specifier.EndsWith("crypto", StringComparison.Ordinal) && !specifier.EndsWith("buffer", StringComparison.Ordinal);

    /// <summary>A module's code.</summary>
    /// <param name="specifier">Matches <see cref="SpecifierPattern"/> or <see cref="NodePattern"/>.</param>
    public static byte[] CodeOf(string specifier) => Encoding.UTF8.GetBytes(specifier switch
    {
        "~encore/auth" => Auth,
        "node:buffer" => Buffer,
        "node:crypto" or "crypto" => Crypto,
        "node:fs" or "fs" => FileSystem,
        "node:fs/promises" or "fs/promises" => FilePromises,
        "node:path" or "path" or "node:path/posix" or "path/posix" => Paths,
        _ => Clients,
    });

    /// <summary>Writes declarations that aren't there as they are; a folder that can't be written is left alone: only editors miss them.</summary>
    public static void Write(IReadOnlyList<GeneratedFile> files)
    {
        try
        {
            foreach (var file in files)
            {
                if (!File.Exists(file.Path) || File.ReadAllText(file.Path) != file.Text)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!); // Justification: never a root.
                    File.WriteAllText(file.Path, file.Text);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Justification: the build doesn't need them; whoever can't write here edits elsewhere.
        }
    }
}
