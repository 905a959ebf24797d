using Bridge.Postgres.Embedded;

namespace Bridge.Postgres.Tests.Embedded;

/// <summary>Folders for servers of a test's own, gone when the test is.</summary>
internal sealed class ServerSandbox : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pg-").FullName;

    // Root's servers run as another user, who has to get in.
    public ServerSandbox()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_root, (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    public EmbeddedPostgresOptions Options(string application = "app") => new()
    {
        Folder = Path.Combine(_root, application, ".encore", "postgres"),
        CacheFolder = Path.Combine(Path.GetTempPath(), "encore-host-tests"),
    };

    public string this[string name] => Path.Combine(_root, name);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
