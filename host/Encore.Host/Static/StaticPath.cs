using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Encore.Host.Static;

/// <summary>Turns what a client asks for into a file of a folder, and never into anything outside of it.</summary>
internal static partial class StaticPath
{
    private const int LongestPath = 4096;
    private const string WellKnown = ".well-known";

    // A backslash is a separator to some readers, a NUL an end.
    private static readonly SearchValues<char> Refused = SearchValues.Create("\\\0");

    /// <summary>Decodes a path below the folder.</summary>
    /// <param name="encoded">The path as the client wrote it, without a slash in front.</param>
    /// <returns>The relative path, with a slash at its end where the client wrote one; null where no file may be asked for like that.</returns>
    public static string? Decode(ReadOnlySpan<char> encoded)
    {
        if (!IsWellFormed(encoded))
        {
            return null;
        }

        var path = Uri.UnescapeDataString(encoded);
        if (path.AsSpan().ContainsAny(Refused) || path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var range in path.AsSpan().TrimEnd('/').Split('/'))
        {
            var segment = path.AsSpan()[range];
            var isHidden = segment.StartsWith('.') && !segment.SequenceEqual(WellKnown);
            if (isHidden || (segment.IsEmpty && path.Length > 0))
            {
                return null;
            }
        }

        return path;
    }

    /// <summary>The file or folder that a path leads to once every link is followed; null where there is none.</summary>
    public static unsafe string? Resolve(string path)
    {
        var resolved = stackalloc byte[LongestPath + 1];
        return RealPath(path, resolved) != 0 ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved)) : null;
    }

    /// <summary>Whether a resolved path lies in a resolved folder, or is that folder.</summary>
    public static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/' || folder == "/");

    // An escape that is none, or one of a slash, would make two different requests the same file.
    private static bool IsWellFormed(ReadOnlySpan<char> encoded)
    {
        for (var at = encoded.IndexOf('%'); at >= 0; at = encoded.IndexOf('%'))
        {
            if (at + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[at + 1]) || !char.IsAsciiHexDigit(encoded[at + 2])
                || encoded.Slice(at, 3) is "%2f" or "%2F")
            {
                return false;
            }

            encoded = encoded[(at + 3)..];
        }

        return true;
    }

    // Justification: .NET follows the last part of a path only, and a folder in its middle may be a link as well.
    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint RealPath(string path, byte* resolved);
}
