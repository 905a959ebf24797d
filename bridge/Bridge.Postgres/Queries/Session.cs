using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary>A script's hold on one connection: a connection it acquired, a transaction, or one nested in that.</summary>
internal sealed class Session(int id, Database database, Link link, Session? parent, bool isTransaction)
{
    private readonly SequenceGate _gate = new();
    private volatile bool _hasEnded;

    /// <summary>Its number.</summary>
    internal int Id { get; } = id;

    /// <summary>Where it is.</summary>
    internal Database Database { get; } = database;

    /// <summary>Its connection, shared with its <see cref="Parent"/>.</summary>
    internal Link Link { get; } = link;

    /// <summary>The one it was begun in; null where it took the connection itself.</summary>
    internal Session? Parent { get; } = parent;

    /// <summary>Whether it ends by commit or rollback.</summary>
    internal bool IsTransaction { get; } = isTransaction;

    /// <summary>Whether it is nested in a transaction: its beginning is a savepoint.</summary>
    internal bool IsNested => Parent is { IsTransaction: true };

    /// <summary>The savepoint's name.</summary>
    internal string Savepoint => $"encore_{Id}";

    /// <summary>Whether it, or what it was begun in, is over.</summary>
    internal bool HasEnded => _hasEnded || Parent is { HasEnded: true };

    /// <summary>Notes that it is over.</summary>
    internal void End() => _hasEnded = true;

    /// <summary>Waits until all operations of smaller numbers are done and the connection is free.</summary>
    /// <param name="number">The operation's place among those of the session.</param>
    /// <param name="endsCursor">Whether a cursor that is open is closed, rather than read to its end.</param>
    /// <param name="cancellation">Nobody waits any more; the operation's turn is used up all the same.</param>
    /// <exception cref="Bridge.Core.Operations.OperationException">The session is over, or something is under way that can't be interrupted.</exception>
    internal async ValueTask<SessionTurn> EnterAsync(int number, bool endsCursor, CancellationToken cancellation)
    {
        await _gate.EnterAsync(number).ConfigureAwait(false);
        var holdsLink = false;
        try
        {
            await Link.Turn.WaitAsync(cancellation).ConfigureAwait(false);
            holdsLink = true;
            await FreeLinkAsync(endsCursor, cancellation).ConfigureAwait(false);
            return new SessionTurn(Link, _gate);
        }
        catch
        {
            new SessionTurn(holdsLink ? Link : null, _gate).Dispose();
            throw;
        }
    }

    private async ValueTask FreeLinkAsync(bool endsCursor, CancellationToken cancellation)
    {
        if (HasEnded)
        {
            throw SqlError.Create(SqlStates.NoActiveTransaction, IsTransaction ? "the transaction has ended" : "the connection is closed");
        }

        if (endsCursor)
        {
            await CloseAllAsync().ConfigureAwait(false);
            return;
        }

        if (Link.Copy is not null)
        {
            throw SqlError.Create(SqlStates.ObjectInUse, "a copyIn is under way on this connection: wait for it before running other statements");
        }

        if (Link.Cursor is { } cursor)
        {
            await cursor.BufferRestAsync(cancellation).ConfigureAwait(false);
        }

        if (Link.IsBroken)
        {
            throw SqlError.Create(SqlStates.ConnectionDoesNotExist, $"the connection to the database {Database.Options.Name} was lost: the transaction is rolled back");
        }
    }

    private async ValueTask CloseAllAsync()
    {
        if (Link.Cursor is { } cursor)
        {
            await cursor.CloseAsync().ConfigureAwait(false);
        }

        if (Link.Copy is { } copy)
        {
            await copy.AbortAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>The time in which an operation of a session has the connection.</summary>
internal readonly struct SessionTurn(Link? link, SequenceGate gate) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        link?.Turn.Release();
        gate.Leave();
    }
}
