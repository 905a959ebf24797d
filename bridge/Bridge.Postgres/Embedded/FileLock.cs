using System.Diagnostics;

namespace Bridge.Postgres.Embedded;

/// <summary>
/// A lock on a file that many share or one has. The kernel takes it back when the process ends, however it ends, and a shell's <c>flock</c>
/// knows the same locks.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // On Unix .NET locks what it opens (flock): shared with FileShare.Read, exclusive with FileShare.None.
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes a lock if it is to be had.</summary>
    /// <param name="path">A file that exists.</param>
    /// <param name="alone">Whether nobody else may have it.</param>
    /// <returns>Null if others have it.</returns>
    public static FileLock? TryTake(string path, bool alone)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.Open, FileAccess.Read, alone ? FileShare.None : FileShare.Read));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes a lock as soon as it is to be had.</summary>
    /// <returns>Null if it wasn't within <paramref name="patience"/>.</returns>
    public static async Task<FileLock?> TakeAsync(string path, bool alone, TimeSpan patience, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(path, alone) is { } taken)
            {
                return taken;
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                return null;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => _file.Dispose();
}
