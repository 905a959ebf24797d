using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Postgres.Values;

/// <summary>How a type without parts is written, and what a script makes of it.</summary>
internal enum ScalarFormat
{
    /// <summary>A JSON string of PostgreSQL's text.</summary>
    Text,

    /// <summary>PostgreSQL's text is a JSON number.</summary>
    Number,

    /// <summary>A number where a double holds it, else a string of digits.</summary>
    Integer8,

    /// <summary>A number, or the name of one that JSON doesn't have.</summary>
    Float,

    /// <summary><c>t</c> and <c>f</c>.</summary>
    Boolean,

    /// <summary>A string of digits.</summary>
    Numeric,

    /// <summary>A string of digits, without the currency.</summary>
    Money,

    /// <summary>Milliseconds since 1970.</summary>
    Timestamp,

    /// <summary>A slice of the answer's bytes.</summary>
    Bytes,

    /// <summary>PostgreSQL's text is JSON.</summary>
    Json,

    /// <summary>pgvector's: PostgreSQL's text is a JSON array.</summary>
    Vector,

    /// <summary>The extension hstore's: a JSON object of strings and nulls.</summary>
    Hstore,
}

/// <summary>A type of a database, as far as values are read and written by it.</summary>
/// <param name="Oid">Its number in that database.</param>
/// <param name="Name">Its name, without the schema.</param>
internal abstract record PgType(uint Oid, string Name)
{
    private string? _kind;

    /// <summary>The kind of its columns as JSON; <c>kinds.ts</c> of the SDK says what each means.</summary>
    internal string Kind => _kind ??= DescribeKind();

    /// <summary>Writes <see cref="Kind"/>.</summary>
    protected abstract string DescribeKind();

    /// <inheritdoc cref="JsonSerializer"/>
    protected static string Quote(string text) => JsonValue.Create(text).ToJsonString();
}

/// <summary>A type without parts.</summary>
internal sealed record ScalarType(uint Oid, string Name, ScalarFormat Format) : PgType(Oid, Name)
{
    /// <summary>What a value of unknown type is read as.</summary>
    internal static ScalarType Unknown { get; } = new(0, "unknown", ScalarFormat.Text);

    /// <summary>Whether any value may be JSON.</summary>
    internal bool IsJson => Format == ScalarFormat.Json;

    /// <inheritdoc/>
    protected override string DescribeKind() => Format switch
    {
        ScalarFormat.Integer8 => "\"n\"",
        ScalarFormat.Float => "\"f\"",
        ScalarFormat.Timestamp => "\"d\"",
        ScalarFormat.Numeric or ScalarFormat.Money => "\"m\"",
        ScalarFormat.Bytes => "\"b\"",
        ScalarFormat.Hstore => "\"h\"",
        _ => "\"\"",
    };
}

/// <summary>An array of any number of dimensions.</summary>
/// <param name="Oid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Element">The elements' type.</param>
/// <param name="Delimiter">What stands between elements: ',' for all types but box.</param>
internal sealed record ArrayType(uint Oid, string Name, PgType Element, byte Delimiter) : PgType(Oid, Name)
{
    /// <inheritdoc/>
    protected override string DescribeKind() => $"[\"a\",{Element.Kind}]";
}

/// <summary>A row type.</summary>
internal sealed record CompositeType(uint Oid, string Name, IReadOnlyList<CompositeField> Fields) : PgType(Oid, Name)
{
    /// <inheritdoc/>
    protected override string DescribeKind()
    {
        var fields = new StringBuilder();
        foreach (var field in Fields)
        {
            fields.Append(fields.Length == 0 ? "" : ",").Append('[').Append(Quote(field.Name)).Append(',').Append(field.Type.Kind).Append(']');
        }

        return $"[\"o\",[{fields}]]";
    }
}

/// <summary>A field of a row type.</summary>
internal sealed record CompositeField(string Name, PgType Type);

/// <summary>A range.</summary>
internal sealed record RangeType(uint Oid, string Name, PgType Bound) : PgType(Oid, Name)
{
    /// <inheritdoc/>
    protected override string DescribeKind() => $"[\"r\",{Bound.Kind}]";
}

/// <summary>A list of ranges.</summary>
internal sealed record MultirangeType(uint Oid, string Name, RangeType Range) : PgType(Oid, Name)
{
    /// <inheritdoc/>
    protected override string DescribeKind() => $"[\"a\",{Range.Kind}]";
}
