using System.Text.RegularExpressions;

namespace Encore.Host.Compiler;

/// <summary>
/// Guesses which modules declare resources by their text alone, so that bundling needn't wait for the checker, which knows.
/// A wrong guess costs time only: the bundle is then made again.
/// </summary>
internal static partial class ModuleScan
{
    private static readonly string[] ProbedEndings = ["", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", "/index.ts", "/index.js"];

    /// <summary>The modules relative to the root, sorted.</summary>
    public static IReadOnlyList<string> Find(ApplicationSource source)
    {
        var files = source.Entry is null ? FilesBelow(new DirectoryInfo(source.Root)) : Reachable(source.Entry);
        return
        [
            .. files
                .Where(file => DeclaresResources().IsMatch(file.Text) && ImportsResources().IsMatch(file.Text))
                .Select(file => Path.GetRelativePath(source.Root, file.Path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<SourceFile> FilesBelow(DirectoryInfo folder)
    {
        foreach (var entry in Entries(folder))
        {
            if (entry is DirectoryInfo below)
            {
                if (below.Name is not ("node_modules" or "dist") && !below.Name.StartsWith('.'))
                {
                    foreach (var file in FilesBelow(below))
                    {
                        yield return file;
                    }
                }
            }
            else if (ApplicationSource.IsSourceFile(entry.Name) && !IsTest().IsMatch(entry.Name) && Read(entry.FullName) is { } text)
            {
                yield return new SourceFile(entry.FullName, text);
            }
        }
    }

    private static IEnumerable<SourceFile> Reachable(string entry)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { entry };
        var pending = new Queue<string>(seen);
        while (pending.TryDequeue(out var path))
        {
            if (Read(path) is not { } text)
            {
                continue;
            }

            yield return new SourceFile(path, text);
            foreach (Match import in RelativeImport().Matches(text))
            {
                var target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path) ?? "/", import.Groups["target"].Value));
                if (Array.ConvertAll(ProbedEndings, ending => Probe(target, ending)).FirstOrDefault(File.Exists) is { } found && seen.Add(found))
                {
                    pending.Enqueue(found);
                }
            }
        }
    }

    /// <summary>An import of <c>./x.js</c> may mean x.ts, as TypeScript has it.</summary>
    private static string Probe(string target, string ending) =>
        ending == "" && target.EndsWith(".js", StringComparison.Ordinal) && !File.Exists(target) ? target[..^2] + "ts" : target + ending;

    private static FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        """\bimport\s+(?!type\s)[^;"']*?\bfrom\s*["'](?:encore\.dev|encore-host)/(?:api|service|auth|cron|pubsub|config|metrics|storage/\w+)["']""",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImportsResources();

    // Subscriptions and cron jobs need no export.
    [GeneratedRegex("""\bexport\b|\bnew\s+(?:\w+\.)?(?:Subscription|CronJob)\b""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DeclaresResources();

    [GeneratedRegex("""(?:\bfrom|\bimport|\bimport\s*\()\s*["'](?<target>\.{1,2}/[^"']+)["']""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RelativeImport();

    [GeneratedRegex("""\.(?:test|spec|d)\.[cm]?[jt]sx?$""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsTest();

    private readonly record struct SourceFile(string Path, string Text);
}
