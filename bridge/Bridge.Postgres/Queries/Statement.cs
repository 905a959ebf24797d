using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Bridge.Postgres.FastLane;
using Bridge.Postgres.Values;

namespace Bridge.Postgres.Queries;

/// <summary>What is known of a statement by its text.</summary>
/// <remarks>Thread: any; what is remembered is only ever a guess that its user checks.</remarks>
internal sealed partial class Statement
{
    // What a pooled connection would keep for its next user.
    private static readonly string[] LeavesSettings = ["set_config", "pg_advisory_lock", "pg_try_advisory_lock", "setseed", "pg_catalog.set_"];

    private static readonly string[] PlainVerbs = ["select", "insert", "update", "delete", "with", "values", "table", "merge", "explain"];

    private readonly bool _mayRead;
    private volatile bool _writes;

    internal Statement(string text)
    {
        Text = text;
        NeedsReset = !IsPlain(text);
        _mayRead = !NeedsReset && LaneRules.MayRead(text);
    }

    /// <summary>The text, with $1, $2, … for parameters.</summary>
    internal string Text { get; }

    /// <summary>Whether it may leave the connection in another state than it was.</summary>
    internal bool NeedsReset { get; }

    /// <summary>How quick it is.</summary>
    internal StatementPace Pace { get; } = new();

    /// <summary>Whether the server has said that it does more than read.</summary>
    internal bool Writes
    {
        get => _writes;
        set => _writes = value;
    }

    /// <summary>Whether it may run on a connection together with others.</summary>
    internal bool MayShare => _mayRead && !_writes && Pace.IsQuick;

    /// <summary>The columns it gave last; null before that.</summary>
    internal Shape? Shape { get; set; }

    /// <summary>Its parameters' types; null as long as nobody had to know them.</summary>
    internal PgType?[]? ParameterTypes { get; set; }

    [GeneratedRegex(@"\bINTO\s+((LOCAL|GLOBAL)\s+)?(TEMP|TEMPORARY|pg_temp)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IntoTemporary();

    private static bool IsPlain(string text)
    {
        var start = text.AsSpan().TrimStart();
        foreach (var verb in PlainVerbs)
        {
            if (start.StartsWith(verb, StringComparison.OrdinalIgnoreCase))
            {
                return !IntoTemporary().IsMatch(text) && !LeavesSettings.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase));
            }
        }

        return false;
    }
}

/// <summary>Statements by text.</summary>
internal sealed class StatementTable
{
    private const int MaxStatements = 4_000;

    private readonly ConcurrentDictionary<string, Statement> _statements = new();

    /// <summary>What is known of the text.</summary>
    internal Statement Find(string text)
    {
        if (_statements.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_statements.Count >= MaxStatements)
        {
            // Texts made anew each time would fill the memory; those that are used again are soon back.
            _statements.Clear();
        }

        return _statements.GetOrAdd(text, static text => new Statement(text));
    }

    /// <summary>Forgets everything, after types have changed.</summary>
    internal void Clear() => _statements.Clear();
}
