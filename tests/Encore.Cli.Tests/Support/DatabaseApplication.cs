using System.Net;
using System.Net.Sockets;
using Bridge.Core.Schema;
using Google.Protobuf;

namespace Encore.Cli.Tests.Support;

/// <summary>A built application that declares databases.</summary>
public static class DatabaseApplication
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1ED;

    /// <summary>Builds the greeting application with databases, whose migrations are in folders of their names below <c>dist</c>.</summary>
    public static async Task BuildWithDatabasesAsync(this TemporaryFolder folder, params string[] databases)
    {
        folder.LetEverybodyIn();
        folder.Write("app.ts", Applications.Hello);
        Assert.Equal(0, (await CliProcess.RunAsync(folder, "build", "app.ts")).ExitCode);
        var artifact = folder["dist/app.schema.pb"];
        var schema = Application.Parser.ParseFrom(await File.ReadAllBytesAsync(artifact));
        schema.SqlDatabases.Clear();
        schema.SqlDatabases.AddRange(databases.Select(name => new SqlDatabaseSchema { Name = name, Migrations = name, MigrationSource = MigrationSource.Plain }));
        await File.WriteAllBytesAsync(artifact, schema.ToByteArray());
        foreach (var name in databases)
        {
            Directory.CreateDirectory(folder["dist/" + name]);
        }
    }

    /// <summary>Root's servers run as another user, who has to get in.</summary>
    public static void LetEverybodyIn(this TemporaryFolder folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Root, Everybody);
        }
    }

    /// <summary>Waits until nobody listens on a port of this machine.</summary>
    public static async Task UntilClosedAsync(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
