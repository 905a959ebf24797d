using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Encore.Host.Databases;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db shell</c>: psql, connected to a database.</summary>
internal static class DbShellCommand
{
    private const string Shell = "psql";
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var command = new Command("shell", "Opens psql on a database; it reads statements from standard input.");
        new DbArguments().AddTo(command, (target, _, cancellation) => target.RunForOneAsync((_, database) => RunAsync(database, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ResolvedDatabase database, CancellationToken cancellation)
    {
        if (Find() is not { } program)
        {
            Terminal.WriteError($"{Shell} isn't installed here", $"install your system's PostgreSQL client (Debian, Ubuntu: postgresql-client), or connect by another program: {database.Uri}");
            return ExitCodes.Environment;
        }

        // The terminal's Ctrl-C is for psql, which ends a statement by it and goes on.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        // Everybody on a machine sees command lines, but not other users' environments.
        var password = database.Address.Target.Password ?? "";
        var start = new ProcessStartInfo(program, [database.Uri.Replace($":{Uri.EscapeDataString(password)}@", "@", StringComparison.Ordinal)]);
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)
            ?? throw new UnreachableException("a new process is started each time");
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    private static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder).OrderByDescending(MajorOf).Select(folder => Path.Combine(folder, "bin")) : [];
        return folders.Concat(debian).Select(folder => Path.Combine(folder, Shell)).FirstOrDefault(File.Exists);
    }

    private static int MajorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
