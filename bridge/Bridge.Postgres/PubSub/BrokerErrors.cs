using Bridge.Core.PubSub;
using Bridge.Postgres.Errors;
using Npgsql;

namespace Bridge.Postgres.PubSub;

/// <summary>Says what went wrong between broker and database.</summary>
internal static class BrokerErrors
{
    /// <summary>The exception as the host sees it.</summary>
    /// <param name="exception">The driver's, or one of ours.</param>
    /// <param name="doing">What was to be done: "publish to the topic t".</param>
    /// <param name="place">Host, port and database.</param>
    internal static BrokerException Explain(Exception exception, string doing, string place)
    {
        if (exception is BrokerException known)
        {
            return known;
        }

        var message = $"PostgreSQL at {place} can't {doing}: {SqlError.Reason(exception)}";
        return exception switch
        {
            PostgresException { SqlState: "42501" } => new BrokerException(
                message, "grant the user the privileges on the broker's schema, or have its owner provision it", isTransient: false, exception),
            PostgresException { SqlState: "42P01" or "3F000" or "42703" } => new BrokerException(
                message, "the broker's tables aren't there as they should be: start with provision on, or let an administrator make them", isTransient: false, exception),
            PostgresException { SqlState: ['2', '8', ..] or "3D000" } => new BrokerException(
                message, "check user, password and database of the broker's connection", isTransient: false, exception),
            PostgresException { SqlState: "25006" } => new BrokerException(
                message, "this server is a read-only replica: name the primary", isTransient: true, exception),
            PostgresException { SqlState: "57014" } or TimeoutException or NpgsqlException { InnerException: TimeoutException } => new BrokerException(
                message, "the server is slow, or something holds locks on the broker's tables", isTransient: true, exception),
            PostgresException postgres when !SqlError.IsConnectionLoss(exception) => new BrokerException(
                message, isTransient: SqlStates.IsTransient(postgres.SqlState), inner: exception),
            _ => new BrokerException(message, "it is tried anew once the server is there", isTransient: true, exception),
        };
    }

    /// <summary>Whether it is one that comes of the database.</summary>
    internal static bool IsOfDatabase(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or BrokerException;
}
