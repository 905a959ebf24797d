using Bridge.Core.Schema;
using Bridge.Postgres.Values;

namespace Bridge.Postgres.Checks;

/// <summary>Which values of scripts PostgreSQL's types take, and which they give. In doubt, a value fits.</summary>
internal static class ValueFit
{
    private static readonly SqlValueKind[] Numbers = [SqlValueKind.Number, SqlValueKind.Bigint, SqlValueKind.Decimal];

    /// <summary>Whether a parameter of a type can be some value of these kinds.</summary>
    /// <param name="type">The parameter's type.</param>
    /// <param name="kinds">What is inserted; none for anything.</param>
    internal static bool Takes(PgType type, IReadOnlyCollection<SqlValueKind> kinds) => kinds.Count == 0 || kinds.Any(kind => Takes(type, kind));

    /// <summary>Whether a column of a type gives some value of these kinds.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="kinds">What is declared; none for anything.</param>
    internal static bool Gives(PgType type, IReadOnlyCollection<SqlValueKind> kinds) =>
        kinds.Count == 0 || KindsOf(type) is not { Count: > 0 } given || given.Any(kinds.Contains);

    /// <summary>What a column of a type gives; none for anything.</summary>
    internal static IReadOnlyCollection<SqlValueKind> KindsOf(PgType type) => type switch
    {
        ArrayType or MultirangeType => [SqlValueKind.Array],
        CompositeType or RangeType => [SqlValueKind.Object],
        ScalarType scalar => KindsOf(scalar.Format),
        _ => [],
    };

    /// <summary>"a number or a string".</summary>
    internal static string Describe(IEnumerable<SqlValueKind> kinds) => string.Join(" or ", kinds.Select(Describe));

    /// <summary>What to insert in place of what a type doesn't take; null where that goes without saying.</summary>
    internal static string? HelpFor(PgType type) => type switch
    {
        ArrayType => "insert an array",
        RangeType => "insert { lower, upper }",
        ScalarType { Name: "date" or "timestamp" or "timestamptz" } => "insert a Date, or a string such as \"2026-01-31\"",
        ScalarType { Format: ScalarFormat.Bytes } => "insert a Uint8Array",
        _ => null,
    };

    // A string may be the text of any value.
    private static bool Takes(PgType type, SqlValueKind kind) => kind == SqlValueKind.String || type switch
    {
        ArrayType or MultirangeType => kind == SqlValueKind.Array,
        CompositeType => kind is SqlValueKind.Array or SqlValueKind.Object,
        RangeType => kind == SqlValueKind.Object,
        ScalarType scalar => Takes(scalar, kind),
        _ => true,
    };

    private static bool Takes(ScalarType type, SqlValueKind kind) => type.Format switch
    {
        ScalarFormat.Number or ScalarFormat.Integer8 or ScalarFormat.Float or ScalarFormat.Numeric or ScalarFormat.Money => Numbers.Contains(kind),

        // PostgreSQL reads 0 and 1, too.
        ScalarFormat.Boolean => kind == SqlValueKind.Boolean || Numbers.Contains(kind),
        ScalarFormat.Bytes => kind == SqlValueKind.Bytes,
        ScalarFormat.Timestamp => kind == SqlValueKind.Date,
        ScalarFormat.Json => kind is not (SqlValueKind.Date or SqlValueKind.Bytes),
        ScalarFormat.Vector => kind == SqlValueKind.Array,
        ScalarFormat.Hstore => kind == SqlValueKind.Object,
        _ => TakesText(type.Name, kind),
    };

    // Types that scripts know as strings; those that aren't named here may read anything.
    private static bool TakesText(string type, SqlValueKind kind) => type switch
    {
        "date" or "time" or "timetz" => kind == SqlValueKind.Date,
        "uuid" or "inet" or "cidr" or "macaddr" or "macaddr8" => false,
        "interval" => Numbers.Contains(kind),
        "text" or "varchar" or "bpchar" or "name" => kind != SqlValueKind.Bytes,
        _ => true,
    };

    private static IReadOnlyCollection<SqlValueKind> KindsOf(ScalarFormat format) => format switch
    {
        ScalarFormat.Number or ScalarFormat.Float => [SqlValueKind.Number],
        ScalarFormat.Integer8 => [SqlValueKind.Number, SqlValueKind.Bigint],
        ScalarFormat.Boolean => [SqlValueKind.Boolean],
        ScalarFormat.Numeric or ScalarFormat.Money => [SqlValueKind.Decimal],
        ScalarFormat.Timestamp => [SqlValueKind.Date, SqlValueKind.Number],
        ScalarFormat.Bytes => [SqlValueKind.Bytes],
        ScalarFormat.Json => [],
        ScalarFormat.Vector => [SqlValueKind.Array],
        ScalarFormat.Hstore => [SqlValueKind.Object],
        _ => [SqlValueKind.String],
    };

    private static string Describe(SqlValueKind kind) => kind switch
    {
        SqlValueKind.String => "a string",
        SqlValueKind.Number => "a number",
        SqlValueKind.Boolean => "a boolean",
        SqlValueKind.Bigint => "a bigint",
        SqlValueKind.Date => "a Date",
        SqlValueKind.Decimal => "a Decimal",
        SqlValueKind.Bytes => "a Uint8Array",
        SqlValueKind.Array => "an array",
        SqlValueKind.Object => "an object",
        _ => "anything",
    };
}
