namespace Bridge.Postgres.Migrations;

/// <summary>A row of <c>schema_migrations</c>, which golang-migrate and Encore read and write too.</summary>
/// <param name="Version">The version.</param>
/// <param name="IsDirty">Whether its migration has begun and not ended.</param>
internal sealed record VersionRow(long Version, bool IsDirty);

/// <summary>A row of <c>encore_migrations</c>, a table of our own: what ran, and from which text.</summary>
/// <param name="Version">The version.</param>
/// <param name="Checksum">The text's, as <see cref="Migration.Checksum"/> has it.</param>
/// <param name="IsAtomic">Whether it ran in one transaction, so that all of it was kept or nothing.</param>
/// <param name="IsFinished">Whether it ended well.</param>
internal sealed record MigrationRecord(long Version, string Checksum, bool IsAtomic, bool IsFinished);

/// <summary>All that a database says of its migrations.</summary>
/// <param name="Rows">Ordered by version.</param>
/// <param name="Records">By version.</param>
internal sealed record MigrationRecords(IReadOnlyList<VersionRow> Rows, IReadOnlyDictionary<long, MigrationRecord> Records);
