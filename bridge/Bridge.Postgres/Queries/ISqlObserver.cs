namespace Bridge.Postgres.Queries;

/// <summary>Learns of every statement that has ended: for logs, metrics and traces. Thread: any; it must return at once.</summary>
public interface ISqlObserver
{
    /// <summary>A statement has ended, well or not.</summary>
    void StatementEnded(in SqlStatementReport report);
}

/// <summary>A statement that has ended.</summary>
/// <param name="Database">The database's name, as the application declares it.</param>
/// <param name="Text">The statement, without its parameters' values.</param>
/// <param name="Duration">From when it had a connection until its last row was read; of a cursor: until its first rows were.</param>
/// <param name="Rows">Rows it gave or changed.</param>
/// <param name="ErrorCode">A SQLSTATE; null where it succeeded.</param>
/// <param name="IsSlow">Whether it took at least <see cref="SqlOperationsOptions.SlowStatement"/>.</param>
public readonly record struct SqlStatementReport(string Database, string Text, TimeSpan Duration, long Rows, string? ErrorCode, bool IsSlow);
