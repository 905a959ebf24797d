using System.Text;
using System.Text.Json;
using Bridge.Core.Scripting;

namespace Encore.Host.Compiler.Extraction;

/// <summary>The compiler's view of the disk, and a record of what it looked for in vain.</summary>
/// <param name="untracked">Folders whose absences aren't recorded: those of the program itself.</param>
/// <remarks>
/// The record is what makes a cached build notice that a file has appeared which would have been taken, had it been there.
/// Thread: the engine's.
/// </remarks>
internal sealed class CompilerFileSystem(IReadOnlyList<string> untracked)
{
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);

    /// <summary>Paths that were looked for and not found; where a whole folder is missing, only the folder.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>The functions of <c>CompilerFiles</c> in schema-extractor's protocol.ts.</summary>
    public IReadOnlyList<HostFunction> Functions =>
    [
        new HostFunction("readFile", arguments => ScriptValue.From(ReadFile(arguments[0].AsText()))),
        new HostFunction("fileExists", arguments => ScriptValue.From(FileExists(arguments[0].AsText()))),
        new HostFunction("directoryExists", arguments => ScriptValue.From(DirectoryExists(arguments[0].AsText()))),
        new HostFunction("listDirectory", arguments => ScriptValue.From(ListDirectory(arguments[0].AsText()))),
        new HostFunction("realpath", arguments => ScriptValue.From(RealPath(arguments[0].AsText()))),
    ];

    private string? ReadFile(string path)
    {
        if (!FileExists(path))
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool FileExists(string path)
    {
        // The compiler probes many names in folders that aren't there; one question for the folder settles them.
        var exists = DirectoryExists(Path.GetDirectoryName(path) ?? "/") && File.Exists(path);
        return exists || Miss(path);
    }

    private bool DirectoryExists(string path)
    {
        if (!_folders.TryGetValue(path, out var exists))
        {
            exists = Directory.Exists(path) || Miss(path);
            _folders.Add(path, exists);
        }

        return exists;
    }

    private static string ListDirectory(string path)
    {
        var files = new List<string>();
        var directories = new List<string>();
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                // A link counts as what it leads to.
                var isDirectory = entry.LinkTarget is null ? entry is DirectoryInfo : Directory.Exists(entry.FullName);
                (isDirectory ? directories : files).Add(entry.Name);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Justification: the protocol wants empty lists for what can't be read.
        }

        return JsonSerializer.Serialize(new DirectoryListing(files, directories), ExtractorJson.Default.DirectoryListing);
    }

    private static string RealPath(string path) => LinkResolver.Resolve(path);

    private bool Miss(string path)
    {
        var parent = Path.GetDirectoryName(path);
        while (parent is not null && _folders.TryGetValue(parent, out var exists) && !exists)
        {
            path = parent;
            parent = Path.GetDirectoryName(path);
        }

        if (!untracked.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
        {
            _missing.Add(path);
        }

        return false;
    }
}
