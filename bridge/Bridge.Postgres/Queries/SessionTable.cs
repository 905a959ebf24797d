using System.Collections.Concurrent;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Queries;

/// <summary>Sessions by number.</summary>
internal sealed class SessionTable : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Session> _sessions = new();
    private int _lastId;

    /// <summary>How many there are.</summary>
    internal int Count => _sessions.Count;

    /// <summary>The session of that number.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">There is none any more.</exception>
    internal Session Find(int id) =>
        TryFind(id) ?? throw SqlError.Create(SqlStates.NoActiveTransaction, "the transaction has ended, or the connection is closed");

    /// <summary>The session of that number; null where there is none any more.</summary>
    internal Session? TryFind(int id) => _sessions.GetValueOrDefault(id);

    /// <summary>Makes a session.</summary>
    internal Session Add(Database database, Link link, Session? parent, bool isTransaction)
    {
        var session = new Session(Interlocked.Increment(ref _lastId), database, link, parent, isTransaction);
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>Ends a session, and those that were begun in it; the connection goes back where it took it.</summary>
    internal void Remove(Session session)
    {
        session.End();
        foreach (var (id, other) in _sessions)
        {
            if (other.HasEnded)
            {
                _sessions.TryRemove(id, out _);
            }
        }

        if (session.Parent is null)
        {
            session.Database.Pool.Return(session.Link);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, session) in _sessions)
        {
            session.End();
            await session.Link.Connection.DisposeAsync().ConfigureAwait(false);
        }

        _sessions.Clear();
    }
}
