using System.Diagnostics;
using System.Globalization;

namespace Bridge.Postgres.Embedded;

/// <summary>Makes a server's data, and sees to it that programs and data fit each other.</summary>
internal static class DataFolder
{
    // Since 17 PostgreSQL knows this locale by itself.
    private const int BuiltinLocaleSince = 17;

    /// <summary>Makes the data if there are none.</summary>
    /// <exception cref="EmbeddedPostgresException">They are of another major version, or can't be made.</exception>
    public static void Ensure(ServerFolder folder, PostgresPrograms programs, ServerAccount account, EmbeddedPostgresOptions options)
    {
        if (folder.DataMajor is { } major)
        {
            Match(folder, programs, major);
            return;
        }

        options.OnInitializing?.Invoke();
        if (Directory.Exists(folder.UnfinishedData))
        {
            Directory.Delete(folder.UnfinishedData, recursive: true);
        }

        ServerFolder.MakePrivate(folder.UnfinishedData, account);
        var passwordFile = folder.UnfinishedData + ".password";
        File.WriteAllText(passwordFile, folder.ReadPassword());
        try
        {
            account.Give(passwordFile);
            Initialize(folder, programs, account, passwordFile, options.IsDurable ? [] : ["--no-sync"]);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        // Whole or not at all: a process killed meanwhile leaves nothing that looks like data.
        Directory.Move(folder.UnfinishedData, folder.Data);
    }

    /// <summary>Puts data aside, so that the next start makes new ones.</summary>
    /// <returns>Where they are now; null if there were none.</returns>
    public static string? PutAside(ServerFolder folder)
    {
        if (folder.DataMajor is not { } major)
        {
            return null;
        }

        var time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var aside = string.Create(CultureInfo.InvariantCulture, $"{folder.Data}.{major}.{time}");
        Directory.Move(folder.Data, aside);
        return aside;
    }

    private static void Match(ServerFolder folder, PostgresPrograms programs, int major)
    {
        if (programs.Major != major)
        {
            throw new EmbeddedPostgresException(
                $"The data in {folder.Data} are PostgreSQL {major}'s; the server here is {programs.Version}, which can't read them.",
                $"install PostgreSQL {major} or name the folder of its programs in {PostgresPrograms.FolderVariable}, to use the data or to save them with "
                + "pg_dumpall; or start anew with `encore-host db reset`, which puts them aside")
            { IsVersionMismatch = true };
        }
    }

    private static void Initialize(ServerFolder folder, PostgresPrograms programs, ServerAccount account, string passwordFile, string[] durability)
    {
        string[] locale = programs.Major >= BuiltinLocaleSince
            ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C"]
            : ["--lc-collate=C"];
        string[] common =
        [
            programs.Initializer, "--pgdata", folder.UnfinishedData, "--username", EmbeddedPostgres.User, "--pwfile", passwordFile,
            "--auth=scram-sha-256", "--encoding=UTF8", "--lc-messages=C", "--lc-monetary=C", "--lc-numeric=C", "--lc-time=C",
            "--no-instructions", .. durability, .. locale,
        ];

        // Where the system has C.UTF-8, full-text search knows letters beyond ASCII.
        if (Run(account.Command([.. common, "--lc-ctype=C.UTF-8"])) is null)
        {
            return;
        }

        if (Run(account.Command([.. common, "--lc-ctype=C"])) is { } failure)
        {
            throw new EmbeddedPostgresException(
                $"PostgreSQL's data can't be made in {folder.Root}: {failure}", "see to the space and the permissions there");
        }
    }

    private static string? Run(IReadOnlyList<string> command)
    {
        using var process = ServerCommand.Start(command, redirect: true);
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
#pragma warning disable VSTHRD002 // Justification: the process has ended, and with it its output.
        return process.ExitCode == 0 ? null : errors.GetAwaiter().GetResult().Trim();
#pragma warning restore VSTHRD002
    }
}
