namespace Bridge.Postgres.Embedded;

/// <summary>Where an embedded server keeps its data and finds its programs.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>
    /// The server's folder, made if need be: data, password, log. One that the server's account can't enter is a link to one that it can.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>Folders from which node_modules are looked for upwards, for PostgreSQL's npm package.</summary>
    public IReadOnlyList<string> PackageStarts { get; init; } = [AppContext.BaseDirectory];

    /// <summary>A folder of the user's for what can be made again, such as a copy of the programs.</summary>
    public string CacheFolder { get; init; } = Path.Combine(Path.GetTempPath(), "encore-host");

    /// <summary>The programs to use instead of looking for some; null looks for them.</summary>
    public PostgresPrograms? Programs { get; init; }

    /// <summary>Whether data survive a loss of power. Without, all is faster: for data that a test throws away.</summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>Called before data are made for the first time, which takes a second.</summary>
    public Action? OnInitializing { get; init; }
}
