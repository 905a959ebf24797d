namespace Bridge.Core.Decoding.Nodes;

/// <summary>How messages list what was expected.</summary>
internal static class Expectation
{
    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b, or c</c>.</summary>
    public static string AnyOf(IReadOnlyList<string> options) => options.Count switch
    {
        0 => "nothing",
        1 => options[0],
        2 => $"{options[0]} or {options[1]}",
        _ => $"{string.Join(", ", options.Take(options.Count - 1))}, or {options[^1]}",
    };
}
