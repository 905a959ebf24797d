using System.Text.Json.Nodes;

namespace Bridge.Core.Operations.Files;

/// <summary>Failures of the file system as Node words them: <c>ENOENT: no such file or directory, open 'x'</c>, with code, errno, syscall, path.</summary>
/// <remarks>Source: https://nodejs.org/api/errors.html#common-system-errors; numbers are Linux's.</remarks>
internal static class FileFailure
{
    private const string MissingText = "no such file or directory";

    internal static OperationException Missing(string call, string path) => Of("ENOENT", -2, MissingText, call, path);

    internal static OperationException Exists(string call, string path, string target = "") =>
        Of("EEXIST", -17, "file already exists", call, path, target);

    internal static OperationException NotFolder(string call, string path) => Of("ENOTDIR", -20, "not a directory", call, path);

    internal static OperationException NotEmpty(string call, string path) => Of("ENOTEMPTY", -39, "directory not empty", call, path);

    internal static OperationException IsFolder(string call, string? path = null, string code = "EISDIR") =>
        Of(code, -21, "illegal operation on a directory", call, path);

    /// <summary>What .NET's failure is to Node.</summary>
    internal static OperationException From(Exception error, in FileRequest request)
    {
        var (call, path, target) = (CallOf(request), request.Path, request.Target);
        return error switch
        {
            FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException =>
                IsBelowFile(path) ? NotFolder(call, path) : Of("ENOENT", -2, MissingText, call, path, target),
            PathTooLongException => Of("ENAMETOOLONG", -36, "name too long", call, path),
            UnauthorizedAccessException => Of("EACCES", -13, "permission denied", call, path, target),
            IOException when IsBelowFile(path) => NotFolder(call, path),
            IOException when request.Operation is "writeFile" && request.Flag && Path.Exists(path) => Exists(call, path),
            IOException when target.Length > 0 && Path.Exists(target) => Exists(call, path, target),
            IOException when request.Operation is "mkdir" && File.Exists(path) => Exists(call, path),
            _ => Of("EIO", -5, error.Message, call, path, target),
        };
    }

    private static OperationException Of(string code, int number, string text, string call, string? path, string target = "")
    {
        var fields = new JsonObject { ["errno"] = number, ["syscall"] = call };
        if (path is not null)
        {
            fields["path"] = path;
        }

        if (target.Length > 0)
        {
            fields["dest"] = target;
        }

        var places = (path is null ? "" : $" '{path}'") + (target.Length > 0 ? $" -> '{target}'" : "");
        return new OperationException("Error", $"{code}: {text}, {call}{places}", code) { Fields = fields };
    }

    private static bool IsBelowFile(string path)
    {
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
