namespace Encore.Cli.Tests.Support;

/// <summary>A folder of a test's own, gone when the test is.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("encore-cli-").FullName;

    /// <summary>The folder, absolute and without links.</summary>
    public string Root { get; }

    /// <summary>An absolute path in the folder.</summary>
    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a file and the folders it needs.</summary>
    public TemporaryFolder Write(string relative, string text)
    {
        var path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
