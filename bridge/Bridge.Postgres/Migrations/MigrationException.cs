namespace Bridge.Postgres.Migrations;

/// <summary>A database can't be brought to the form that the application needs.</summary>
public sealed class MigrationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong; may have several lines.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="place">Where in a file; null where no place is at fault.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public MigrationException(string message, string help, MigrationPlace? place = null, Exception? inner = null)
        : base(message, inner)
    {
        Help = help;
        Place = place;
    }

    /// <summary>What to do about it.</summary>
    public string Help { get; }

    /// <summary>Where in a file; null where no place is at fault.</summary>
    public MigrationPlace? Place { get; }
}

/// <summary>A place in a migration's file.</summary>
/// <param name="File">The file as <see cref="Migration.File"/> has it.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in UTF-16 units.</param>
public sealed record MigrationPlace(string File, int Line, int Column)
{
    /// <summary>The place of an index into a file's text.</summary>
    public static MigrationPlace At(Migration migration, int index)
    {
        ArgumentNullException.ThrowIfNull(migration);
        var before = migration.Text.AsSpan(0, Math.Min(index, migration.Text.Length));
        return new MigrationPlace(migration.File, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
