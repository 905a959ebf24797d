using System.Runtime.CompilerServices;

namespace Encore.Cli.Tests.Support;

/// <summary>Compares text with a file in the Golden folder; UPDATE_GOLDEN=1 writes the file instead.</summary>
public static class Golden
{
    public static void Equal(string name, string actual, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "..", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
