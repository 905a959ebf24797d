using Encore.Host.Artifacts;

namespace Encore.Host.Static;

/// <summary>
/// Where an application's static files are: beside its bundle where a build put them, else in its own folder.
/// </summary>
/// <param name="root">The application's folder.</param>
/// <param name="built">Where a build puts copies.</param>
internal sealed class StaticPlaces(string root, string built)
{
    /// <summary>The folder beside a bundle that holds copies, each at the place that it has in the application's folder.</summary>
    public const string FolderName = "static";

    /// <summary>The places of an application.</summary>
    public static StaticPlaces Of(LoadedApplication application) =>
        new(application.Root, Path.Combine(Path.GetDirectoryName(application.BundlePath) ?? "/", FolderName));

    /// <summary>Finds a file or folder.</summary>
    /// <param name="relative">Its place in the application's folder.</param>
    /// <param name="path">Where it is, every link followed.</param>
    /// <returns>Null where it is found, else what is wrong.</returns>
    public string? TryFind(string relative, out string path)
    {
        var own = Path.Combine(root, relative);
        var found = StaticPath.Resolve(Path.Combine(built, relative)) ?? StaticPath.Resolve(own);
        path = found ?? own;
        return found is null ? $"{own} doesn't exist" : null;
    }
}
