using System.ComponentModel;
using System.Diagnostics;

namespace Bridge.Postgres.Embedded;

/// <summary>Starts PostgreSQL's programs, in surroundings that say nothing to them.</summary>
internal static class ServerCommand
{
    /// <summary>Starts a command line.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="redirect">Whether its output is to be read.</param>
    /// <exception cref="EmbeddedPostgresException">The program isn't there.</exception>
    public static Process Start(IReadOnlyList<string> command, bool redirect)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            // A folder that everybody can enter, and that nobody wants to remove.
            WorkingDirectory = "/",
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal) || name == "LANG").ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            return Process.Start(start) ?? throw new UnreachableException("a new process is started each time");
        }
        catch (Win32Exception error)
        {
            throw new EmbeddedPostgresException(
                $"{command[0]} can't be started: {error.Message}",
                "the embedded PostgreSQL needs a Linux system with util-linux (setsid, setpriv, flock); without it, name a server in infra.config.json's sql_servers",
                error);
        }
    }
}
