using Bridge.Core.Schema;

namespace Encore.Host.Static;

/// <summary>Puts an application's static files beside its bundle, so that the output folder is all that is deployed.</summary>
internal static class StaticCopy
{
    /// <summary>Copies the files of every static endpoint, and forgets those of earlier builds.</summary>
    /// <param name="schema">The application.</param>
    /// <param name="root">Its folder.</param>
    /// <param name="output">The build's folder.</param>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static void Write(Application schema, string root, string output)
    {
        var target = Path.Combine(output, StaticPlaces.FolderName);
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        var places = schema.Endpoints
            .Where(endpoint => endpoint.Static is not null)
            .SelectMany(endpoint => (string[])[endpoint.Static.Dir, endpoint.Static.NotFound])
            .Where(place => place.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        foreach (var place in places)
        {
            if (StaticPath.Resolve(Path.Combine(root, place)) is { } source)
            {
                Copy(source, Path.Combine(target, place), source, StaticPath.Resolve(output) ?? output);
            }
        }
    }

    // Links are followed, so that the copy holds files alone; what can't be asked for isn't copied, nor is the output itself.
    private static void Copy(string from, string to, string within, string output)
    {
        if (StaticPath.Resolve(from) is not { } resolved || !StaticPath.IsWithin(resolved, within) || StaticPath.IsWithin(resolved, output))
        {
            return;
        }

        if (File.Exists(resolved))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to) ?? "/");
            File.Copy(resolved, to, overwrite: true);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(resolved).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal))
        {
            if (StaticPath.Decode(Uri.EscapeDataString(entry)) is not null)
            {
                Copy(Path.Combine(resolved, entry), Path.Combine(to, entry), within, output);
            }
        }
    }
}
