namespace Bridge.Postgres.Checks;

/// <summary>What isn't right with a statement.</summary>
/// <param name="Query">Which of the statements, from 0.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Message">What is wrong: PostgreSQL's message, where it is PostgreSQL that refuses the statement.</param>
public sealed record SqlFinding(int Query, SqlFindingKind Kind, string Message)
{
    /// <summary>The SQLSTATE of <see cref="SqlFindingKind.Refused"/>; "" for others.</summary>
    public string Code { get; init; } = "";

    /// <summary>Where in the text: the number of a UTF-16 code unit, from 1; 0 where no place is known.</summary>
    public int Position { get; init; }

    /// <summary>Which parameter it is about, from 0; null for none.</summary>
    public int? Parameter { get; init; }

    /// <summary>The column it is about; null for none.</summary>
    public string? Column { get; init; }

    /// <summary>A way out; null where none is known.</summary>
    public string? Help { get; init; }
}

/// <summary>What a finding is about.</summary>
public enum SqlFindingKind
{
    /// <summary>PostgreSQL would refuse the statement: it always fails.</summary>
    Refused,

    /// <summary>What is inserted can't be a value of the parameter's type: it always fails, NULL aside.</summary>
    Parameter,

    /// <summary>Rows aren't what they are declared to be.</summary>
    Row,
}
