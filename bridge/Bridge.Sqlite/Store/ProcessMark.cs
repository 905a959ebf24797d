using System.Globalization;
using Bridge.Core.PubSub;

namespace Bridge.Sqlite.Store;

/// <summary>
/// A file beside the message file that a process holds locked while it lives: the lock ends with the process, however that ends. So others know
/// at once that nobody has its messages any more. The system keeps the lock, so it doesn't matter in which container either of them runs.
/// </summary>
internal sealed class ProcessMark : IDisposable
{
    private readonly FileStream _file;

    private ProcessMark(FileStream file) => _file = file;

    /// <summary>Marks this process as living.</summary>
    /// <param name="messages">The message file.</param>
    /// <param name="process">This process's row. Nobody else sees it yet.</param>
    public static ProcessMark Take(string messages, long process)
    {
        var path = PathOf(messages, process);
        try
        {
            return new ProcessMark(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException(
                $"the file {path} can't be made: {error.Message}", "Give this user the right to make files in its folder.", isTransient: false, error);
        }
    }

    /// <summary>Looks whether a process is gone, and removes its mark where it is.</summary>
    public static bool IsGone(string messages, long process)
    {
        try
        {
            using var file = new FileStream(
                PathOf(messages, process), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It lives, or nobody can tell: then its leases end by themselves.
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathOf(string messages, long process) => string.Create(CultureInfo.InvariantCulture, $"{messages}-process-{process}");
}
