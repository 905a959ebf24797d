using Bridge.Postgres.Embedded;
using Bridge.Postgres.Tests.Embedded;

namespace Bridge.Postgres.Tests.Connections;

/// <summary>A server with a certificate for "localhost", and one that can't encrypt.</summary>
public sealed class TlsServer : IAsyncLifetime, IDisposable
{
    /// <summary>Comes in by a certificate of that name alone.</summary>
    internal const string Certified = "certified";

    private readonly ServerSandbox _sandbox = new();
    private readonly TestAuthority _authority = new("authority");
    private EmbeddedPostgres? _encrypted;
    private EmbeddedPostgres? _plain;

    internal TestAuthority Authority => _authority;

    internal EmbeddedPostgres Encrypted => _encrypted!;

    internal EmbeddedPostgres Plain => _plain!;

    public async Task InitializeAsync()
    {
        _plain = await _sandbox.StartAsync("plain");
        _encrypted = await _sandbox.StartAsync("encrypted");
        var own = _authority.Issue("localhost");
        var certificate = await WriteAsync("server.crt", own.Certificate);
        var key = await WriteAsync("server.key", own.Key);
        var roots = await WriteAsync("roots.crt", _authority.Certificate);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        ServerAccount.Current.Give(key);
        var rules = Path.Combine(_encrypted.Folder, "data", "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"hostssl all {Certified} all cert\nhostnossl all {Certified} all reject\n{await File.ReadAllTextAsync(rules)}");
        foreach (var statement in (string[])[
            $"create role {Certified} login", $"alter system set ssl_cert_file = '{certificate}'", $"alter system set ssl_key_file = '{key}'",
            $"alter system set ssl_ca_file = '{roots}'", "alter system set ssl = on", "select pg_reload_conf()"])
        {
            await ServerSandbox.ScalarAsync(_encrypted, statement);
        }

        await ServerSandbox.UntilAsync(async () => await ServerSandbox.ScalarAsync(_encrypted, "show ssl") is "on");
    }

    public async Task DisposeAsync()
    {
        await Encrypted.DisposeAsync();
        await Plain.DisposeAsync();
    }

    public void Dispose()
    {
        _authority.Dispose();
        _sandbox.Dispose();
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(Encrypted.Folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
