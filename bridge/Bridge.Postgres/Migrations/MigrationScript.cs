namespace Bridge.Postgres.Migrations;

/// <summary>A migration's statements, and whether they may be put into one transaction.</summary>
/// <param name="Migration">Where they are from.</param>
/// <param name="Statements">The statements.</param>
/// <param name="MayBeAtomic">False where the file has transactions of its own.</param>
internal sealed record MigrationScript(Migration Migration, IReadOnlyList<SqlStatement> Statements, bool MayBeAtomic)
{
    // As sqlx has it; tools differ in the word before it.
    private const string Directive = "no-transaction";

    /// <summary>Reads a migration. One that is a single transaction, BEGIN to COMMIT, becomes what is between the two.</summary>
    public static MigrationScript Of(Migration migration)
    {
        var statements = SqlSplitter.Split(migration.Text);
        if (SaysSo(migration.Text))
        {
            return new MigrationScript(migration, statements, MayBeAtomic: false);
        }

        if (statements is [{ Control: TransactionControl.Begin }, .. var within, { Control: TransactionControl.Commit }] && within.All(IsPlain))
        {
            return new MigrationScript(migration, within, MayBeAtomic: true);
        }

        return new MigrationScript(migration, statements, statements.All(IsPlain));
    }

    private static bool IsPlain(SqlStatement statement) => statement.Control == TransactionControl.None;

    // A comment of its own before the first statement.
    private static bool SaysSo(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (!trimmed.IsEmpty && !trimmed.StartsWith("--", StringComparison.Ordinal))
            {
                return false;
            }

            if (trimmed.TrimStart('-').Trim().Equals(Directive, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
