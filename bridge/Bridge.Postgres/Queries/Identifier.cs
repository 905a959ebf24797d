namespace Bridge.Postgres.Queries;

/// <summary>Names in statements that we write ourselves.</summary>
internal static class Identifier
{
    /// <summary>Quotes a name, so that it is taken as it is and nothing in it is SQL.</summary>
    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
