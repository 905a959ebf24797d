using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Bridge.Core.Operations;
using Npgsql;

namespace Bridge.Postgres.Errors;

/// <summary>
/// What went wrong with a statement, as the script's <c>SQLError</c>: PostgreSQL's message, its SQLSTATE as <c>code</c>, and <c>severity</c>,
/// <c>detail</c>, <c>hint</c>, <c>schema</c>, <c>table</c>, <c>column</c>, <c>dataType</c>, <c>constraint</c>, <c>position</c> where PostgreSQL
/// tells them; <c>transient</c> where the same may succeed later.
/// </summary>
internal static class SqlError
{
    private const string Name = "SQLError";

    /// <summary>An error of our own, with the SQLSTATE that fits best.</summary>
    internal static OperationException Create(string state, string message, Exception? inner = null)
    {
        var fields = new JsonObject { ["severity"] = "ERROR" };
        MarkTransient(fields, state);
        return new OperationException(Name, message, state, inner) { Fields = fields };
    }

    /// <summary>A value that no statement can be given.</summary>
    internal static OperationException BadParameter(string message) => new("TypeError", message);

    /// <summary>What PostgreSQL answered.</summary>
    /// <param name="exception">Its answer.</param>
    /// <param name="text">The statement, which positions refer to; null where the text isn't the application's.</param>
    /// <param name="prefix">How many characters we put before it.</param>
    internal static OperationException From(PostgresException exception, string? text, int prefix = 0)
    {
        var fields = new JsonObject { ["severity"] = exception.InvariantSeverity };
        Set(fields, "detail", exception.Detail);
        Set(fields, "hint", exception.Hint);
        Set(fields, "schema", exception.SchemaName);
        Set(fields, "table", exception.TableName);
        Set(fields, "column", exception.ColumnName);
        Set(fields, "dataType", exception.DataTypeName);
        Set(fields, "constraint", exception.ConstraintName);
        if (text is not null && exception.Position > prefix)
        {
            fields["position"] = ToUtf16(text, exception.Position - prefix);
        }

        MarkTransient(fields, exception.SqlState);
        return new OperationException(Name, exception.MessageText, exception.SqlState) { Fields = fields };
    }

    /// <summary>What happened to the connection.</summary>
    /// <param name="database">The database's name, as it is declared.</param>
    /// <param name="exception">The driver's.</param>
    internal static OperationException ConnectionLost(string database, Exception exception) =>
        Create(
            SqlStates.ConnectionFailure,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the connection to the database {database} was lost: {Reason(exception)}; whether the statement took effect is not known"));

    /// <summary>No connection could be made.</summary>
    /// <param name="database">The database's name, as it is declared.</param>
    /// <param name="place">Host and port.</param>
    /// <param name="exception">The driver's.</param>
    internal static OperationException CannotConnect(string database, string place, Exception exception) =>
        exception is PostgresException refused
            ? Refused(database, place, refused)
            : Create(SqlStates.CannotConnect, $"can't connect to the database {database} at {place}: {Reason(exception)}");

    /// <summary>A statement that took too long.</summary>
    internal static OperationException TimedOut(TimeSpan limit) =>
        Create(
            SqlStates.QueryCanceled,
            string.Create(CultureInfo.InvariantCulture, $"the statement was cancelled after its timeout of {limit.TotalMilliseconds:0.###} ms"));

    /// <summary>Whether the connection is of no use any more after this.</summary>
    internal static bool IsConnectionLoss(Exception exception) => exception switch
    {
        PostgresException { InvariantSeverity: "FATAL" or "PANIC" } => true,
        PostgresException => false,
        NpgsqlException or SocketException or IOException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Turns PostgreSQL's count of characters, each a code point, into one of UTF-16 code units.</summary>
    internal static int ToUtf16(string text, int position)
    {
        var at = 0;
        for (var character = 1; character < position && at < text.Length; character++)
        {
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        }

        return at + 1;
    }

    /// <summary>What lies at the bottom of a driver's exception, in its own words.</summary>
    internal static string Reason(Exception exception)
    {
        while (exception is NpgsqlException and not PostgresException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception switch
        {
            PostgresException postgres => postgres.MessageText,
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nothing listens there (connection refused)",
            EndOfStreamException => "the server closed it",
            TimeoutException => "no answer in time",
            IOException { InnerException: SocketException socket } => socket.Message,
            _ => exception.Message,
        };
    }

    private static OperationException Refused(string database, string place, PostgresException refused)
    {
        var error = From(refused, null);
        return new OperationException(Name, $"can't connect to the database {database} at {place}: {refused.MessageText}", refused.SqlState)
        {
            Fields = error.Fields,
        };
    }

    private static void Set(JsonObject fields, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            fields[name] = value;
        }
    }

    private static void MarkTransient(JsonObject fields, string state)
    {
        if (SqlStates.IsTransient(state))
        {
            fields["transient"] = true;
        }
    }
}
