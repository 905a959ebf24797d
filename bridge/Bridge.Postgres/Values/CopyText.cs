using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridge.Postgres.Errors;

namespace Bridge.Postgres.Values;

/// <summary>Writes rows in COPY's text format. https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS</summary>
internal static class CopyText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\n\r\t");

    /// <summary>Writes rows, a line each.</summary>
    /// <param name="rows">Arrays of parameters, as <see cref="Operand"/> says.</param>
    /// <param name="types">The columns' types.</param>
    /// <param name="bytes">What bytes among the parameters are slices of.</param>
    /// <exception cref="Bridge.Core.Operations.OperationException">A row has another number of values.</exception>
    internal static string Format(JsonElement rows, PgType[] types, byte[]? bytes)
    {
        var text = new StringBuilder();
        foreach (var row in rows.EnumerateArray())
        {
            ThrowIfOther(row.GetArrayLength(), types.Length);
            var column = 0;
            foreach (var value in row.EnumerateArray())
            {
                text.Append(column == 0 ? "" : "\t");
                Append(text, OperandText.Format(Operand.Read(value, bytes), types[column++]));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Refuses a row of too few or too many values.</summary>
    /// <exception cref="Bridge.Core.Operations.OperationException">It has another number than there are columns.</exception>
    internal static void ThrowIfOther(int values, int columns)
    {
        if (values != columns)
        {
            throw SqlError.BadParameter(string.Create(CultureInfo.InvariantCulture, $"a row of copyIn has {values} values for {columns} columns"));
        }
    }

    private static void Append(StringBuilder text, ReadOnlySpan<char> value, bool isNull)
    {
        if (isNull)
        {
            text.Append(@"\N");
            return;
        }

        for (var next = value.IndexOfAny(Escaped); next >= 0; next = value.IndexOfAny(Escaped))
        {
            text.Append(value[..next]).Append('\\').Append(value[next] switch { '\n' => 'n', '\r' => 'r', '\t' => 't', var other => other });
            value = value[(next + 1)..];
        }

        text.Append(value);
    }

    private static void Append(StringBuilder text, string? value) => Append(text, value, value is null);
}
