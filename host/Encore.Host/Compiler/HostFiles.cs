namespace Encore.Host.Compiler;

/// <summary>Where the program's own scripts lie: beside the executable when installed, in the repository when run from there.</summary>
/// <param name="ExtractorScript">The compiler: one classic script.</param>
/// <param name="LibraryFolder">TypeScript's <c>lib.*.d.ts</c>.</param>
/// <param name="RuntimeScript">What the isolate runs before any application code.</param>
/// <param name="SdkFolder">The encore-host package: the folder of its package.json.</param>
public sealed record HostFiles(string ExtractorScript, string LibraryFolder, string RuntimeScript, string SdkFolder)
{
    private const string RepositoryMarker = "Bridge.sln";

    /// <summary>The files of this process.</summary>
    /// <exception cref="HostFilesException">Something is missing from the installation.</exception>
    public static HostFiles Locate() => Locate(AppContext.BaseDirectory);

    /// <summary>The files that belong to a program in <paramref name="programFolder"/>.</summary>
    /// <exception cref="HostFilesException">Something is missing from the installation.</exception>
    public static HostFiles Locate(string programFolder)
    {
        if (Directory.Exists(Path.Combine(programFolder, "compiler")))
        {
            var compiler = Path.Combine(programFolder, "compiler");
            return new HostFiles(
                Path.Combine(compiler, "extractor.js"),
                Path.Combine(compiler, "lib"),
                Path.Combine(programFolder, "runtime", "runtime.js"),
                Path.Combine(programFolder, "sdk"));
        }

        if (RepositoryOf(programFolder) is not { } repository)
        {
            throw new HostFilesException(
                $"The compiler isn't beside the program in {programFolder}.",
                "the installation is incomplete: install encore-host again");
        }

        var extractor = Path.Combine(repository, "schema-extractor", "dist");
        var sdk = Path.Combine(repository, "ts-sdk");
        return new HostFiles(
            Path.Combine(extractor, "extractor.js"),
            Path.Combine(extractor, "lib"),
            Path.Combine(sdk, "dist", "runtime", "runtime.js"),
            sdk);
    }

    /// <summary>Ascertains that the compiler's files exist.</summary>
    /// <exception cref="HostFilesException">They don't: an incomplete installation, or a repository that wasn't built.</exception>
    public HostFiles Verified()
    {
        foreach (var file in (string[])[ExtractorScript, Path.Combine(SdkFolder, "package.json"), Path.Combine(LibraryFolder, "lib.d.ts")])
        {
            if (!File.Exists(file))
            {
                throw new HostFilesException($"{file} is missing.", "in the repository run `npm run build`; elsewhere install encore-host again");
            }
        }

        return this;
    }

    private static string? RepositoryOf(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, RepositoryMarker)))
            {
                return at.FullName;
            }
        }

        return null;
    }
}

/// <summary>A part of the installation, or a program it needs, is missing.</summary>
public sealed class HostFilesException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing, in one line.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public HostFilesException(string message, string help, Exception? inner = null)
        : base(message, inner) => Help = help;

    /// <summary>What to do about it.</summary>
    public string Help { get; }
}
