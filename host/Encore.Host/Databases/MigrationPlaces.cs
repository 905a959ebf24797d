using Bridge.Core.Schema;
using Encore.Host.Artifacts;

namespace Encore.Host.Databases;

/// <summary>Where an application's migrations are: beside its bundle where a build put copies, else in its own folder.</summary>
internal static class MigrationPlaces
{
    private const string FolderName = "migrations";

    /// <summary>The folder that a database's migrations are relative to.</summary>
    public static string RootOf(LoadedApplication application, SqlDatabaseSchema database)
    {
        var copies = Path.Combine(Path.GetDirectoryName(application.BundlePath) ?? "/", FolderName);
        return Directory.Exists(Path.Combine(copies, database.Migrations)) ? copies : application.Root;
    }

    /// <summary>Puts the migrations of every database beside the bundle, and forgets those of earlier builds.</summary>
    /// <param name="schema">The application.</param>
    /// <param name="root">Its folder.</param>
    /// <param name="output">The build's folder.</param>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static void Copy(Application schema, string root, string output)
    {
        var target = Path.Combine(output, FolderName);
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        foreach (var folder in schema.SqlDatabases.Select(database => database.Migrations).Where(folder => folder.Length > 0).Distinct(StringComparer.Ordinal))
        {
            CopyFolder(Path.Combine(root, folder), Path.Combine(target, folder));
        }
    }

    // What the tools keep beside their migrations, such as snapshots, is no part of them: only what is read goes along.
    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(file => Path.GetExtension(file) is ".sql" || Path.GetFileName(file) == "_journal.json"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
