namespace Bridge.Engine.Tests;

/// <summary>Files of the repository that tests read, found from the test's own folder upwards.</summary>
internal static class RepositoryFiles
{
    /// <summary>The script with the globals and the script's side of a turn, as the build leaves it.</summary>
    internal static string Runtime { get; } = Read("ts-sdk", "dist", "runtime", "runtime.js");

    private static string Read(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bridge.sln")))
            {
                var file = Path.Combine([folder.FullName, .. path]);
                return File.Exists(file)
                    ? File.ReadAllText(file)
                    : throw new FileNotFoundException($"{file} is missing: run `npm run build` in the repository's root first.");
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Bridge.sln.");
    }
}
