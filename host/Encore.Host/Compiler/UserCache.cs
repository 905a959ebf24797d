namespace Encore.Host.Compiler;

/// <summary>The program's folder for things it can make again.</summary>
internal static class UserCache
{
    /// <summary>$XDG_CACHE_HOME/encore-host, else ~/.cache/encore-host, else a folder among the temporary files; may not exist yet.</summary>
    public static string Folder { get; } = Path.Combine(BaseFolder(), "encore-host");

    // https://specifications.freedesktop.org/basedir-spec/: a relative path there is to be ignored.
    private static string BaseFolder()
    {
        var configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (Path.IsPathFullyQualified(configured ?? ""))
        {
            return configured!;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
    }
}
