using System.Diagnostics;

namespace Bridge.Postgres.FastLane;

/// <summary>
/// Statements that were written together: one transaction, which saves the server, and whoever reads, a message, a write and a wake-up for each
/// but the last.
/// </summary>
/// <remarks>
/// Since the transaction may only read, nothing is lost where one of them fails and the server passes over those behind it: all run elsewhere.
/// Thread: whoever writes it, then whoever reads its answers.
/// </remarks>
internal sealed class LaneBatch
{
    private readonly List<LaneQuery> _queries = [];
    private readonly List<LaneAnswer> _answers = [];

    /// <summary>How many statements there are.</summary>
    internal int Count => _queries.Count;

    /// <summary>When the first of them was sent.</summary>
    internal long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>Whether nobody waits for any of them.</summary>
    internal bool IsAbandoned => _queries.TrueForAll(static query => query.IsAbandoned);

    /// <summary>Whether all have their answers.</summary>
    internal bool IsAnswered => _answers.Count == _queries.Count;

    /// <summary>The statement whose answer comes next: where the batch has failed, the one that did.</summary>
    /// <exception cref="InvalidDataException">All have theirs.</exception>
    internal LaneQuery Current => IsAnswered ? throw new InvalidDataException("more answers than statements") : _queries[_answers.Count];

    /// <summary>The SQLSTATE that it failed with; null where it didn't.</summary>
    internal string? Failure { get; private set; }

    /// <summary>The statements, in the order in which they were written.</summary>
    internal IReadOnlyList<LaneQuery> Queries => _queries;

    /// <summary>Adds a statement.</summary>
    internal void Add(LaneQuery query) => _queries.Add(query);

    /// <summary>The current statement's answer is complete.</summary>
    internal void Complete(LaneAnswer answer) => _answers.Add(answer);

    /// <summary>The current statement failed, and with it the transaction.</summary>
    internal void Fail(string state) => Failure = state;

    /// <summary>Those that have no rows: the one that failed and what is behind it, and any whose columns aren't what they were.</summary>
    internal IEnumerable<LaneQuery> WithoutRows()
    {
        for (var index = 0; index < _queries.Count; index++)
        {
            if (index >= _answers.Count || _answers[index].Json is null)
            {
                yield return _queries[index];
            }
        }
    }

    /// <summary>Tells whoever waits. What was answered before a failure counts for nothing: it is only sure once the transaction has ended well.</summary>
    internal void Tell()
    {
        for (var index = 0; index < _queries.Count; index++)
        {
            _queries[index].Answer(Failure is null && index < _answers.Count ? _answers[index] : default);
        }
    }
}
