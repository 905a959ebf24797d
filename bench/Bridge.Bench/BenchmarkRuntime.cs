using Bridge.Core.Scripting;

namespace Bridge.Bench;

/// <summary>The runtime that isolates of benchmarks start with.</summary>
internal static class BenchmarkRuntime
{
    /// <summary>The script, as <c>npm run build</c> made it.</summary>
    public static async Task<ScriptSource> ReadAsync() => new("runtime.js", await File.ReadAllTextAsync(Find()));

    // Benchmarks run from a generated project's folder, somewhere below the repository's.
    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bridge.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above the benchmark's holds Bridge.sln.");
        }

        return Path.Combine(folder.FullName, "ts-sdk", "dist", "runtime", "runtime.js");
    }
}
