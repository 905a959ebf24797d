using System.Runtime.InteropServices;

namespace Encore.Host.Hosting;

/// <summary>Memory that the start of a host took and that nothing needs afterwards.</summary>
internal static partial class SpareMemory
{
    /// <summary>Gives back what the C library keeps of it: some 5 MB, which V8 and the runtime freed. A few milliseconds; on any thread.</summary>
    public static void Return()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library that keeps nothing, as musl.
        }
    }

    /// <summary>https://man7.org/linux/man-pages/man3/malloc_trim.3.html</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
