using System.Text;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary>How a transaction runs.</summary>
/// <param name="Isolation">"read committed", "repeatable read", "serializable"; null for the database's default.</param>
/// <param name="IsReadOnly">Whether it may only read.</param>
/// <param name="IsDeferrable">Whether a serializable one that only reads waits at its start until nothing can conflict.</param>
internal readonly record struct TransactionSettings(string? Isolation, bool IsReadOnly, bool IsDeferrable);

/// <summary>Begins and ends transactions.</summary>
/// <remarks>
/// Invariant: an end is never cancelled half-way, so that it is known what happened; a connection that is lost meanwhile counts as rolled back,
/// except for a commit, whose outcome is unknown then.
/// </remarks>
internal sealed class Transactions(SessionTable sessions)
{
    /// <summary>Begins one on a connection of the pool.</summary>
    internal async ValueTask<Session> BeginAsync(Database database, TransactionSettings settings, CancellationToken cancellation)
    {
        var text = Begin(settings);
        var link = await database.Pool.TakeAsync(cancellation).ConfigureAwait(false);
        try
        {
            await StartAsync(database, link, text, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return sessions.Add(database, link, null, isTransaction: true);
        }
        catch
        {
            await EndOnAsync(link).ConfigureAwait(false);
            database.Pool.Return(link);
            throw;
        }
    }

    /// <summary>Begins one in a session: nested in its transaction, or on its connection. The caller has the session's turn.</summary>
    internal async ValueTask<Session> BeginAsync(Session within, TransactionSettings settings, CancellationToken cancellation)
    {
        var link = within.Link;
        if (within.IsTransaction)
        {
            ThrowIfFailed(link);
            ThrowIfSet(settings);
        }
        else if (link.InTransaction)
        {
            throw SqlError.Create(SqlStates.InvalidTransactionState, "the connection is in a transaction already: begin a nested one in that");
        }

        var session = sessions.Add(within.Database, link, within, isTransaction: true);
        try
        {
            await StartAsync(within.Database, link, session.IsNested ? $"SAVEPOINT {session.Savepoint}" : Begin(settings), cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return session;
        }
        catch
        {
            await RollBackAsync(session).ConfigureAwait(false);
            sessions.Remove(session);
            throw;
        }
    }

    /// <summary>Makes what a transaction did last. The caller has the session's turn.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">Something in it failed: it is rolled back.</exception>
    internal async ValueTask CommitAsync(Session session)
    {
        try
        {
            if (session.Link.IsTransactionFailed)
            {
                await RollBackAsync(session).ConfigureAwait(false);
                throw SqlError.Create(
                    SqlStates.InFailedTransaction, "the transaction can't be committed, since a statement in it failed: it was rolled back");
            }

            await RunAsync(session, session.IsNested ? $"RELEASE SAVEPOINT {session.Savepoint}" : "COMMIT").ConfigureAwait(false);
            session.Link.InTransaction = session.IsNested;
        }
        finally
        {
            if (!session.IsNested)
            {
                await EndOnAsync(session.Link).ConfigureAwait(false);
            }

            sessions.Remove(session);
        }
    }

    /// <summary>Undoes what a transaction did; of a connection that was acquired, what is left open. The caller has the session's turn.</summary>
    internal async ValueTask EndAsync(Session session)
    {
        try
        {
            await RollBackAsync(session).ConfigureAwait(false);
            session.Link.NeedsReset |= !session.IsTransaction;
        }
        finally
        {
            sessions.Remove(session);
        }
    }

    private static async ValueTask StartAsync(Database database, Link link, string text, CancellationToken cancellation)
    {
        link.InTransaction = true;
        try
        {
            await link.ExecuteAsync(text, cancellation).ConfigureAwait(false);
            link.IsTransactionFailed = false;
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            throw database.Explain(exception, link, null);
        }
    }

    private static async ValueTask RollBackAsync(Session session)
    {
        if (!session.IsNested)
        {
            await EndOnAsync(session.Link).ConfigureAwait(false);
        }
        else if (!session.Link.IsBroken)
        {
            await RunAsync(session, $"ROLLBACK TO SAVEPOINT {session.Savepoint}; RELEASE SAVEPOINT {session.Savepoint}").ConfigureAwait(false);
            session.Link.IsTransactionFailed = false;
        }
    }

    // A rollback that fails has lost its connection, and that rolls back too.
    private static async ValueTask EndOnAsync(Link link)
    {
        if (link.InTransaction && !link.IsBroken)
        {
            try
            {
                await link.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (SqlError.IsConnectionLoss(exception))
            {
                await link.Connection.CloseAsync().ConfigureAwait(false);
            }
        }

        link.InTransaction = false;
        link.IsTransactionFailed = false;
    }

    private static async ValueTask RunAsync(Session session, string text)
    {
        try
        {
            await session.Link.ExecuteAsync(text, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Justification: everything is thrown again, as what the script sees.
            throw session.Database.Explain(exception, session.Link, null);
        }
    }

    private static void ThrowIfFailed(Link link)
    {
        if (link.IsTransactionFailed)
        {
            throw SqlError.Create(SqlStates.InFailedTransaction, "nothing can be begun in the transaction, since a statement in it failed: roll it back");
        }
    }

    private static void ThrowIfSet(TransactionSettings settings)
    {
        if (settings != default)
        {
            throw SqlError.Create(SqlStates.InvalidTransactionState, "a nested transaction runs as the one around it: it has no options of its own");
        }
    }

    private static string Begin(TransactionSettings settings)
    {
        var text = new StringBuilder("BEGIN");
        text.Append(settings.Isolation switch
        {
            null => "",
            "read committed" => " ISOLATION LEVEL READ COMMITTED",
            "repeatable read" => " ISOLATION LEVEL REPEATABLE READ",
            "serializable" => " ISOLATION LEVEL SERIALIZABLE",
            _ => throw SqlError.BadParameter($"there is no isolation level '{settings.Isolation}': \"read committed\", \"repeatable read\" or \"serializable\""),
        });
        return text.Append(settings.IsReadOnly ? " READ ONLY" : "").Append(settings.IsDeferrable ? " DEFERRABLE" : "").ToString();
    }
}
