using System.Diagnostics;
using System.Globalization;

namespace Bridge.Postgres.Embedded;

/// <summary>Who a server runs as. PostgreSQL refuses root, so that root's servers belong to <c>nobody</c>.</summary>
/// <param name="UserId">The user to become; null to stay who one is.</param>
/// <param name="GroupId">That user's group.</param>
internal sealed record ServerAccount(int? UserId, int GroupId)
{
    private const string Name = "nobody";

    // What Linux calls it where /etc/passwd doesn't say.
    private const int NobodyId = 65534;

    /// <summary>The account for this process's servers.</summary>
    public static ServerAccount Current { get; } = Environment.IsPrivilegedProcess ? Nobody() : new ServerAccount(UserId: null, GroupId: 0);

    /// <summary>Whether the server runs as somebody else.</summary>
    public bool IsOther => UserId is not null;

    /// <summary>A command line that becomes that user first.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="endSignal">
    /// The signal that the program gets when the thread that started it is gone, however it went; null for none. Only of use below a
    /// shell: .NET's threads come and go.
    /// </param>
    public IReadOnlyList<string> Command(IEnumerable<string> command, string? endSignal = null)
    {
        string[] user = UserId is { } id ? [Option("reuid", id), Option("regid", GroupId), "--clear-groups"] : [];
        string[] signal = endSignal is null ? [] : [$"--pdeathsig={endSignal}"];
        return user.Length + signal.Length > 0 ? ["setpriv", .. user, .. signal, .. command] : [.. command];
    }

    /// <summary>Whether that user can enter a folder and read what lies there.</summary>
    public bool CanEnter(string folder)
    {
        const UnixFileMode Enter = UnixFileMode.OtherExecute;
        if (!IsOther || OperatingSystem.IsWindows())
        {
            return true;
        }

        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (at.Exists && !at.UnixFileMode.HasFlag(Enter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives files and folders to that user.</summary>
    public void Give(params string[] paths)
    {
        if (UserId is not { } user)
        {
            return;
        }

        using var process = Process.Start("chown", [string.Create(CultureInfo.InvariantCulture, $"{user}:{GroupId}"), "--", .. paths]);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new EmbeddedPostgresException(
                $"{string.Join(", ", paths)} can't be given to the user {Name}, who runs PostgreSQL because root may not.",
                "keep the application on a file system that knows owners, or run encore-host as another user");
        }
    }

    /// <summary>Who has to run the server of existing data: whoever owns them, since root may have taken over a user's application.</summary>
    public static ServerAccount OwnerOf(string data)
    {
        if (!Current.IsOther || !Directory.Exists(data))
        {
            return Current;
        }

        using var process = Process.Start(new ProcessStartInfo("stat", ["-c", "%u %g", "--", data]) { UseShellExecute = false, RedirectStandardOutput = true });
        var owner = process?.StandardOutput.ReadToEnd().Trim().Split(' ') ?? [];
        return owner is [var user, var group] && int.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var userId) && userId > 0
            ? new ServerAccount(userId, int.Parse(group, CultureInfo.InvariantCulture))
            : Current;
    }

    private static string Option(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"--{name}={number}");

    private static ServerAccount Nobody()
    {
        var fields = File.Exists("/etc/passwd")
            ? File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(line => line is [Name, _, _, _, ..])
            : null;
        return fields is not null
            && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
            ? new ServerAccount(user, group)
            : new ServerAccount(NobodyId, NobodyId);
    }
}
