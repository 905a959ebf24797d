using System.Text.Json.Nodes;

namespace Bridge.Core.Operations.Files;

/// <summary>Failures of the file system as Node words them: <c>ENOENT: no such file or directory, open 'x'</c>, with code, errno, syscall, path.</summary>
/// <remarks>Source: https://nodejs.org/api/errors.html#common-system-errors; numbers are Linux's.</remarks>
internal static class FileFailure
{
    private const string MissingText = "no such file or directory";

    internal static OperationException Missing(string call, string path) => Of("ENOENT", -2, MissingText, call, path);

    internal static OperationException Exists(string call, string path, string? target = null) =>
        Of("EEXIST", -17, "file already exists", call, path, target);

    internal static OperationException NotFolder(string call, string path) => Of("ENOTDIR", -20, "not a directory", call, path);

    internal static OperationException NotEmpty(string call, string path) => Of("ENOTEMPTY", -39, "directory not empty", call, path);

    internal static OperationException TooManyLinks(string call, string path) =>
        Of("ELOOP", -40, "too many symbolic links encountered", call, path);

    internal static OperationException IsFolder(string call, string? path = null, string code = "EISDIR") =>
        Of(code, -21, "illegal operation on a directory", call, path);

    /// <summary>What .NET's failure is to Node.</summary>
    internal static OperationException From(Exception error, in FileRequest request)
    {
        var (call, path) = (CallOf(request), request.Path);
        var target = request.HasTarget ? request.Target : null;
        return error switch
        {
            FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException =>
                IsBelowFile(path) ? NotFolder(call, path) : Of("ENOENT", -2, MissingText, call, path, target),
            PathTooLongException => Of("ENAMETOOLONG", -36, "name too long", call, path, target),
            UnauthorizedAccessException => Of("EACCES", -13, "permission denied", call, path, target),
            IOException when IsBelowFile(path) => NotFolder(call, path),
            IOException when request.Operation is "writeFile" && request.Flag && Path.Exists(path) => Exists(call, path),
            IOException when target is not null && Path.Exists(target) => Exists(call, path, target),
            IOException when request.Operation is "mkdir" && File.Exists(path) => Exists(call, path),
            _ => OfSystem(error, call, path, target),
        };
    }

    /// <summary>What .NET has no kind of exception for, which then tells the system's own number.</summary>
    private static OperationException OfSystem(Exception error, string call, string path, string? target) => error.HResult switch
    {
        16 => Of("EBUSY", -16, "resource busy or locked", call, path, target),
        17 => Of("EEXIST", -17, "file already exists", call, path, target),
        18 => Of("EXDEV", -18, "cross-device link not permitted", call, path, target),
        24 => Of("EMFILE", -24, "too many open files", call, path, target),
        28 => Of("ENOSPC", -28, "no space left on device", call, path, target),
        30 => Of("EROFS", -30, "read-only file system", call, path, target),
        39 => Of("ENOTEMPTY", -39, "directory not empty", call, path, target),
        40 => TooManyLinks(call, path),
        _ => Of("EIO", -5, error.Message, call, path, target),
    };

    private static OperationException Of(string code, int number, string text, string call, string? path, string? target = null)
    {
        var fields = new JsonObject { ["errno"] = number, ["syscall"] = call };
        if (path is not null)
        {
            fields["path"] = path;
        }

        if (target is not null)
        {
            fields["dest"] = target;
        }

        var places = (path is null ? "" : $" '{path}'") + (target is null ? "" : $" -> '{target}'");
        return new OperationException("Error", $"{code}: {text}, {call}{places}", code) { Fields = fields };
    }

    private static bool IsBelowFile(string path)
    {
        if (path.Length == 0)
        {
            return false;
        }

        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(folder))
            {
                return File.Exists(folder);
            }
        }

        return false;
    }

    private static string CallOf(in FileRequest request) => request.Operation switch
    {
        "readFile" or "writeFile" or "appendFile" => "open",
        "readdir" => "scandir",
        "copyFile" => "copyfile",
        "stat" when !request.Flag => "lstat",
        "realpath" => "lstat",
        var operation => operation,
    };
}
