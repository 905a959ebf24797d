using System.Text.Json;
using Bridge.Core.Scripting;
using Encore.Host.Compiler.Extraction;

namespace Encore.Host.Tests.Probes;

/// <summary>The compiler's view of the disk, with one case after another at the same place, so that one session serves them all.</summary>
internal sealed class CaseFiles
{
    /// <summary>Where every case's application seems to lie.</summary>
    public const string Root = "/srv/app";

    private readonly List<(string At, string Folder)> _mounts = [];

    public IReadOnlyList<HostFunction> Functions =>
    [
        new HostFunction("readFile", arguments => ScriptValue.From(Read(arguments[0].AsText()))),
        new HostFunction("fileExists", arguments => ScriptValue.From(File.Exists(OnDisk(arguments[0].AsText())))),
        new HostFunction("directoryExists", arguments => ScriptValue.From(DirectoryExists(arguments[0].AsText()))),
        new HostFunction("listDirectory", arguments => ScriptValue.From(List(arguments[0].AsText()))),
        new HostFunction("realpath", arguments => arguments[0]),
    ];

    /// <summary>Puts a case at <see cref="Root"/>.</summary>
    public void Mount(ProbedCase one)
    {
        _mounts.Clear();
        foreach (var (name, installed) in one.Packages)
        {
            string[] places = [
                Path.Combine(one.Folder, installed),
                Path.Combine(ProbedCase.Repository, "schema-extractor", "node_modules", installed),
                Path.Combine(ProbedCase.Repository, "node_modules", installed),
            ];
            _mounts.Add(($"{Root}/node_modules/{name}", places.First(Directory.Exists)));
        }

        _mounts.Add((Root, one.Folder));
    }

    private string OnDisk(string path)
    {
        foreach (var (at, folder) in _mounts)
        {
            if (path.StartsWith(at, StringComparison.Ordinal) && (path.Length == at.Length || path[at.Length] == '/'))
            {
                return folder + path[at.Length..];
            }
        }

        return path;
    }

    private bool DirectoryExists(string path) =>
        _mounts.Exists(mount => mount.At.StartsWith(path + "/", StringComparison.Ordinal)) || Directory.Exists(OnDisk(path));

    private string? Read(string path) => File.Exists(OnDisk(path)) ? File.ReadAllText(OnDisk(path)) : null;

    private string List(string path)
    {
        var folder = new DirectoryInfo(OnDisk(path));
        var entries = folder.Exists ? folder.EnumerateFileSystemInfos().ToLookup(entry => Directory.Exists(entry.FullName), entry => entry.Name) : null;
        List<string> mounted = [.. _mounts.Select(mount => mount.At).Where(at => at.StartsWith(path + "/", StringComparison.Ordinal)).Select(at => at[(path.Length + 1)..].Split('/')[0])];
        var listing = new DirectoryListing([.. entries?[false] ?? []], [.. (entries?[true] ?? []).Union(mounted)]);
        return JsonSerializer.Serialize(listing, ExtractorJson.Default.DirectoryListing);
    }
}
