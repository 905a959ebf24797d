using System.Text.Json;

namespace Bridge.Postgres.Queries;

/// <summary>A statement, as a script sent it.</summary>
/// <param name="Statement">What is known of it.</param>
/// <param name="Parameters">Its parameters; <see cref="Values.Operand"/> says how they are written.</param>
/// <param name="Bytes">What bytes among them are slices of.</param>
/// <param name="KnownShape">The number of the columns that the script knows.</param>
/// <param name="TimeoutMilliseconds">0 for none.</param>
internal readonly record struct StatementRequest(
    Statement Statement, JsonElement Parameters, byte[]? Bytes, int KnownShape, double TimeoutMilliseconds)
{
    /// <summary>How much of its timeout is over already.</summary>
    internal TimeSpan Spent { get; init; }

    /// <summary>The columns, unless the script knows them.</summary>
    internal string Columns(Shape shape) => shape.Id == KnownShape ? "null" : shape.Columns;
}

/// <summary>How many of a statement's rows a script wants.</summary>
internal enum RowMode
{
    /// <summary>All of them.</summary>
    All = 0,

    /// <summary>The first.</summary>
    First = 1,

    /// <summary>None: only their number.</summary>
    None = 2,
}
