using Bridge.Core.PubSub;
using Bridge.Postgres.Errors;
using Bridge.Postgres.Outbox;

namespace Bridge.Postgres.Queries;

/// <summary>Publishes with a script's transaction.</summary>
internal static class OutboxInsertion
{
    /// <summary>Adds a message to what a transaction does, in its turn.</summary>
    /// <returns>The message's id.</returns>
    internal static async ValueTask<string> RunAsync(Session session, int sequence, string topic, OutgoingMessage message, CancellationToken cancellation)
    {
        using var turn = await session.EnterAsync(sequence, endsCursor: false, cancellation).ConfigureAwait(false);
        if (!session.IsTransaction)
        {
            throw SqlError.Create(SqlStates.NoActiveTransaction, $"the message for {topic} needs a transaction, and this is a connection: publish with what begin() gives");
        }

        await PrepareAsync(session.Database, cancellation).ConfigureAwait(false);
        try
        {
            var id = await PostgresOutbox.InsertAsync(session.Link.Connection, topic, message, cancellation).ConfigureAwait(false);
            session.Link.Touch();
            return id;
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            throw session.Database.Explain(exception, session.Link, null);
        }
    }

    // On a connection of its own: a table that a transaction makes isn't there for others, and goes with a rollback.
    private static async ValueTask PrepareAsync(Database database, CancellationToken cancellation)
    {
        if (database.HasOutbox)
        {
            return;
        }

        try
        {
            await PostgresOutbox.PrepareAsync(database.Source, provision: true, cancellation).ConfigureAwait(false);
            database.HasOutbox = true;
        }
        catch (BrokerException exception)
        {
            throw SqlError.Create(exception.IsTransient ? SqlStates.ConnectionFailure : SqlStates.InsufficientPrivilege, $"{exception.Message}; {exception.Help}", exception);
        }
    }
}
