namespace Bridge.Postgres.Errors;

/// <summary>The SQLSTATEs that this assembly knows by name. https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
internal static class SqlStates
{
    internal const string ConnectionFailure = "08006";
    internal const string CannotConnect = "08001";
    internal const string ConnectionDoesNotExist = "08003";
    internal const string FeatureNotSupported = "0A000";
    internal const string InsufficientPrivilege = "42501";
    internal const string InvalidTransactionState = "25000";
    internal const string ReadOnlyTransaction = "25006";
    internal const string NoActiveTransaction = "25P01";
    internal const string InFailedTransaction = "25P02";
    internal const string InvalidTextRepresentation = "22P02";
    internal const string InvalidStatementName = "26000";
    internal const string IndeterminateType = "42P18";
    internal const string DatatypeMismatch = "42804";
    internal const string TooManyConnections = "53300";
    internal const string ConfigurationLimitExceeded = "53400";
    internal const string ObjectInUse = "55006";
    internal const string QueryCanceled = "57014";
    internal const string AdminShutdown = "57P01";

    /// <summary>Whether the same statement may well succeed later, unchanged.</summary>
    internal static bool IsTransient(string state) =>
        state is "40001" or "40P01" or "55P03" or "55006" or "57P01" or "57P02" or "57P03"
        || state.StartsWith("08", StringComparison.Ordinal) && state is not "08P01"
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal);

    /// <summary>Whether a parameter's type that was derived before may be the reason.</summary>
    internal static bool MayComeOfOldTypes(string state) =>
        state is FeatureNotSupported or InvalidTextRepresentation or IndeterminateType or DatatypeMismatch;
}
