using System.IO.Enumeration;
using System.Text.Json;

namespace Bridge.Core.Operations.Files;

/// <summary>What <c>node:fs</c> does, for scripts: at once, on the thread that asks.</summary>
/// <remarks>Errors: <see cref="OperationException"/> with Node's code and message, see <see cref="FileFailure"/>.</remarks>
public static class FileSystemOperations
{
    // Hidden entries too, and what can't be read is an error: the defaults leave both out in silence.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
    private static readonly EnumerationOptions WithSubfolders = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = true };
    private static readonly PathTurns Appending = new();

    /// <summary>Does it.</summary>
    /// <returns>The contents for <c>readFile</c>; a JSON value for the others.</returns>
    public static OperationOutcome Run(in FileRequest request)
    {
        try
        {
            PathLimits.Check(request.Path);
            if (request.HasTarget)
            {
                PathLimits.Check(request.Target);
            }

            return request.Operation switch
            {
                "readFile" => new OperationOutcome("null", ReadFile(request.Path)),
                "stat" => FileStatus.Describe(request.Path, follows: request.Flag),
                "readdir" => List(request.Path, request.Flag),
                "realpath" => Text(RealPath.Of(request.Path)),
                "writeFile" => Write(request, request.Flag ? FileMode.CreateNew : FileMode.Create),
                "appendFile" => Append(request),
                "mkdir" => MakeFolder(request.Path, request.Flag),
                "mkdtemp" => MakeTemporary(request.Path),
                "rm" => Remove(request.Path, request.Flag),
                "rmdir" => RemoveFolder(request.Path),
                "unlink" => RemoveFile(request.Path),
                "rename" => Rename(request.Path, request.Target),
                "copyFile" => Copy(request.Path, request.Target, request.Flag),
                "access" => Find(request.Path),
                _ => throw new OperationException("Error", $"{request.Operation} isn't an operation on files."),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw FileFailure.From(error, request);
        }
    }

    private static OperationOutcome Find(string path)
    {
        FileStatus.Find(path, follows: true);
        return OperationOutcome.None;
    }

    private static byte[] ReadFile(string path) =>
        Directory.Exists(path) ? throw FileFailure.IsFolder("read") : File.ReadAllBytes(path);

    // [[name relative to the folder, kind], …]
    private static OperationOutcome List(string path, bool recursive)
    {
        if (File.Exists(path))
        {
            throw FileFailure.NotFolder("scandir", path);
        }

        // Not through links: some lead in circles.
        var entries = new FileSystemEnumerable<string[]>(
            Path.GetFullPath(path),
            (ref FileSystemEntry entry) => [Path.GetRelativePath(entry.RootDirectory.ToString(), entry.ToFullPath()), FileStatus.KindOf(entry.Attributes)],
            recursive ? WithSubfolders : Everything)
        {
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return new OperationOutcome(JsonSerializer.Serialize(entries));
    }

    // .NET looks for the end once, when it opens the file: two at a time would write to the same place. One that waits for its other end, as a
    // pipe does, holds up nobody but those that write there too.
    private static OperationOutcome Append(FileRequest request) => Appending.Run(request.Path, () => Write(request, FileMode.Append));

    private static OperationOutcome Write(in FileRequest request, FileMode mode)
    {
        if (Directory.Exists(request.Path))
        {
            throw FileFailure.IsFolder("open", request.Path);
        }

        using var file = new FileStream(request.Path, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(request.Bytes);
        return OperationOutcome.None;
    }

    // What Node answers: the first folder that was made, for a recursive one.
    private static OperationOutcome MakeFolder(string path, bool recursive)
    {
        if (!recursive)
        {
            if (Path.Exists(path))
            {
                throw FileFailure.Exists("mkdir", path);
            }

            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
            {
                throw FileFailure.Missing("mkdir", path);
            }

            Directory.CreateDirectory(path);
            return OperationOutcome.None;
        }

        string? first = null;
        for (var folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            first = folder;
        }

        Directory.CreateDirectory(path);
        return first is null ? OperationOutcome.None : Text(Path.TrimEndingDirectorySeparator(first));
    }

    private static OperationOutcome MakeTemporary(string prefix)
    {
        for (; ; )
        {
            var path = prefix + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)[..6];
            if (!Path.Exists(path))
            {
                MakeFolder(path, recursive: false);
                return Text(path);
            }
        }
    }

    private static OperationOutcome Remove(string path, bool recursive)
    {
        if (FileStatus.IsFolder(path))
        {
            if (!recursive)
            {
                throw FileFailure.IsFolder("rm", path, "ERR_FS_EISDIR");
            }

            Directory.Delete(path, recursive: true);
            return OperationOutcome.None;
        }

        return FileStatus.IsThere(path) ? RemoveFile(path) : throw FileFailure.Missing("lstat", path);
    }

    private static OperationOutcome RemoveFolder(string path)
    {
        if (!FileStatus.IsFolder(path))
        {
            throw FileStatus.IsThere(path) ? FileFailure.NotFolder("rmdir", path) : FileFailure.Missing("rmdir", path);
        }

        if (Directory.EnumerateFileSystemEntries(path, "*", Everything).Any())
        {
            throw FileFailure.NotEmpty("rmdir", path);
        }

        Directory.Delete(path);
        return OperationOutcome.None;
    }

    private static OperationOutcome RemoveFile(string path)
    {
        if (!FileStatus.IsThere(path))
        {
            throw FileFailure.Missing("unlink", path);
        }

        if (FileStatus.IsFolder(path))
        {
            throw FileFailure.IsFolder("unlink", path);
        }

        File.Delete(path);
        return OperationOutcome.None;
    }

    private static OperationOutcome Rename(string from, string to)
    {
        if (FileStatus.IsFolder(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }

        return OperationOutcome.None;
    }

    private static OperationOutcome Copy(string from, string to, bool isExclusive)
    {
        if (Directory.Exists(from))
        {
            throw FileFailure.IsFolder("copyfile", from);
        }

        if (isExclusive && Path.Exists(to))
        {
            throw FileFailure.Exists("copyfile", from, to);
        }

        File.Copy(from, to, overwrite: true);
        return OperationOutcome.None;
    }

    private static OperationOutcome Text(string value) => new(JsonSerializer.Serialize(value));
}
