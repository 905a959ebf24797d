using System.Runtime.InteropServices;
using System.Text.Json;

namespace Encore.Host.Compiler.Esbuild;

/// <summary>Finds the native bundler.</summary>
public static class EsbuildProgram
{
    /// <summary>The version this program speaks to, as its service protocol demands.</summary>
    public const string Version = "0.28.2";

    /// <summary>Environment variable that names the executable.</summary>
    public const string PathVariable = "ENCORE_HOST_ESBUILD";

    /// <summary>
    /// The executable: what <see cref="PathVariable"/> names, else the npm package <c>@esbuild/&lt;platform&gt;</c> of the right version in the
    /// node_modules folders from the program's folder upwards, then from the application's.
    /// </summary>
    /// <exception cref="HostFilesException">There is none.</exception>
    public static string Locate(string applicationRoot)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? named
                : throw new HostFilesException($"{PathVariable} names {named}, which doesn't exist.", "correct or unset it");
        }

        foreach (var start in (string[])[AppContext.BaseDirectory, applicationRoot])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var package = Path.Combine(folder.FullName, "node_modules", "@esbuild", Platform);
                if (VersionOf(package) == Version)
                {
                    return Path.Combine(package, OperatingSystem.IsWindows() ? "esbuild.exe" : "bin/esbuild");
                }
            }
        }

        throw new HostFilesException(
            $"The bundler, npm's @esbuild/{Platform} {Version}, isn't installed.",
            $"run `npm install --save-dev --save-exact @esbuild/{Platform}@{Version}` in the application's folder, or name an executable in {PathVariable}");
    }

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"{system}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        }
    }

    private static string? VersionOf(string package)
    {
        try
        {
            var manifest = Path.Combine(package, "package.json");
            if (!File.Exists(manifest))
            {
                return null;
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return json.RootElement.GetProperty("version").GetString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }
}
