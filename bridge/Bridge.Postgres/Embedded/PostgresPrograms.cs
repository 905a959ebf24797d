using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bridge.Postgres.Embedded;

/// <summary>PostgreSQL's programs of one version.</summary>
/// <param name="Folder">The folder of <c>postgres</c> and <c>initdb</c>, absolute and without links.</param>
/// <param name="Version">The version, such as "18.4".</param>
public sealed partial record PostgresPrograms(string Folder, string Version)
{
    /// <summary>Environment variable that names the folder of the programs to use.</summary>
    public const string FolderVariable = "ENCORE_HOST_POSTGRES";

    private static readonly string[] Needed = ["postgres", "initdb"];

    /// <summary>The server.</summary>
    public string Server => Path.Combine(Folder, "postgres");

    /// <summary>What makes a server's data.</summary>
    public string Initializer => Path.Combine(Folder, "initdb");

    /// <summary>What decides whether data can be used: 18 of "18.4".</summary>
    public int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>The programs in a folder; null if they aren't there or don't run.</summary>
    public static PostgresPrograms? In(string folder)
    {
        var server = new FileInfo(Path.Combine(folder, "postgres"));
        if (!server.Exists)
        {
            return null;
        }

        // Debian links the server alone into the PATH; its share and lib folders are found from where it really lies.
        var real = Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName) ?? folder;
        return Array.TrueForAll(Needed, name => File.Exists(Path.Combine(real, name))) && VersionOf(Path.Combine(real, "postgres")) is { } version
            ? new PostgresPrograms(real, version)
            : null;
    }

    private static string? VersionOf(string server)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(server, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
            {
                return null;
            }

            // "postgres (PostgreSQL) 18.4", or "15.18 (Debian …)", or "19beta1".
            var found = VersionPattern().Match(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            return found.Success ? found.Groups["version"].Value : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>\d+(\.\d+)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
