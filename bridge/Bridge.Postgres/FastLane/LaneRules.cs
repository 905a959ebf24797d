namespace Bridge.Postgres.FastLane;

/// <summary>Which statements may share a connection with others.</summary>
internal static class LaneRules
{
    private static readonly string[] Verbs = ["select", "with", "values", "table"];

    // Effects that a transaction which may only read doesn't prevent, and what shows that it may only read.
    private static readonly string[] Excluded =
    [
        "advisory", "pg_notify", "dblink", "current_setting", "set_config", "setseed", "http", "pg_cancel_backend", "pg_terminate_backend", "lo_",
        "currval", "lastval",
    ];

    /// <summary>Whether a text looks like a single statement that reads. That it does no more than that, the server sees to.</summary>
    internal static bool MayRead(string text)
    {
        var start = text.AsSpan().TrimStart();
        foreach (var verb in Verbs)
        {
            if (start.StartsWith(verb, StringComparison.OrdinalIgnoreCase))
            {
                return !text.Contains(';', StringComparison.Ordinal)
                    && !Array.Exists(Excluded, name => text.Contains(name, StringComparison.OrdinalIgnoreCase));
            }
        }

        return false;
    }

    /// <summary>How many connections the lane has at most, of those that a database may have.</summary>
    /// <remarks>One serves tens of thousands of statements a second; more let the server use more processors.</remarks>
    internal static int ConnectionsOf(int maxConnections) => maxConnections switch
    {
        < 2 => 0,
        < 8 => 1,
        < 16 => 2,
        _ => Math.Min(maxConnections / 8 + 1, 4),
    };
}
