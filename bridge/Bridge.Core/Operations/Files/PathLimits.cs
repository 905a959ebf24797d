using System.Text;

namespace Bridge.Core.Operations.Files;

/// <summary>What no system call would take as a path: .NET sees in that nothing but that there is no such file.</summary>
/// <remarks>Source: https://man7.org/linux/man-pages/man7/path_resolution.7.html and limits.h.</remarks>
internal static class PathLimits
{
    // With the zero at its end; in bytes.
    private const int Longest = 4096;
    private const int LongestName = 255;

    /// <summary>Lets pass what may name a file.</summary>
    /// <exception cref="FileNotFoundException">It is empty.</exception>
    /// <exception cref="PathTooLongException">It is too long, or a name in it is.</exception>
    internal static void Check(string path)
    {
        if (path.Length == 0)
        {
            throw new FileNotFoundException(path);
        }

        if (Encoding.UTF8.GetByteCount(path) >= Longest)
        {
            throw new PathTooLongException();
        }

        foreach (var name in path.AsSpan().Split(Path.DirectorySeparatorChar))
        {
            if (Encoding.UTF8.GetByteCount(path.AsSpan(name)) > LongestName)
            {
                throw new PathTooLongException();
            }
        }
    }
}
