namespace Bridge.Core.Operations.Files;

/// <summary>A path without links.</summary>
internal static class RealPath
{
    // What Linux itself bears before it gives up with ELOOP.
    private const int MostLinks = 40;

    /// <summary>Follows the links of all folders on the way.</summary>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    internal static string Of(string path)
    {
        var links = 0;
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        var real = Path.GetPathRoot(Path.GetFullPath(path)) ?? "";
        while (rest.TryPop(out var part))
        {
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = Path.Exists(next) ? next : throw new FileNotFoundException(path);
                continue;
            }

            if (++links > MostLinks)
            {
                throw FileFailure.TooManyLinks("stat", path);
            }

            var led = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(led) ?? "";
            foreach (var step in Parts(led).Reverse())
            {
                rest.Push(step);
            }
        }

        return real;
    }

    private static string[] Parts(string path) =>
        path[(Path.GetPathRoot(path) ?? "").Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
}
