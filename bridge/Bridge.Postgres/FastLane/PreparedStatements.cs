using Bridge.Core.Buffers;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>What one connection has prepared: so many statements at most, the oldest make room. Thread: one at a time.</summary>
/// <param name="capacity">How many, above 0.</param>
internal sealed class PreparedStatements(int capacity)
{
    private readonly OrderedDictionary<Statement, LaneStatement> _known = [];
    private int _lastName;

    /// <summary>Finds a statement, or writes what prepares it.</summary>
    internal LaneStatement Prepare(PooledBuffer buffer, Statement statement)
    {
        if (_known.TryGetValue(statement, out var known))
        {
            return known;
        }

        if (_known.Count >= capacity)
        {
            Forget(buffer, _known.GetAt(0).Value);
        }

        var prepared = new LaneStatement($"e{++_lastName}", statement);
        FrontendMessages.WriteParse(buffer, prepared.Name, statement.Text);
        FrontendMessages.WriteDescribe(buffer, prepared.Name);
        _known.Add(statement, prepared);
        return prepared;
    }

    /// <summary>Writes what makes the server forget a statement, if it is prepared still.</summary>
    internal void Forget(PooledBuffer buffer, LaneStatement prepared)
    {
        if (_known.TryGetValue(prepared.Statement, out var known) && known == prepared)
        {
            _known.Remove(prepared.Statement);
            FrontendMessages.WriteClose(buffer, prepared.Name);
        }
    }
}
