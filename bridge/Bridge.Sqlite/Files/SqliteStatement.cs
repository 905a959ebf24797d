using System.Text;
using SQLitePCL;

namespace Bridge.Sqlite.Files;

/// <summary>A prepared statement. Parameters are counted from 1, columns from 0. Thread: that of its file.</summary>
internal sealed class SqliteStatement(SqliteFile file, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Sets a parameter.</summary>
    public SqliteStatement Set(int parameter, long value)
    {
        file.Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    /// <inheritdoc cref="Set(int, long)"/>
    public SqliteStatement Set(int parameter, long? value) => value is { } known ? Set(parameter, known) : SetNull(parameter);

    /// <inheritdoc cref="Set(int, long)"/>
    public SqliteStatement Set(int parameter, string? value)
    {
        if (value is null)
        {
            return SetNull(parameter);
        }

        // Not by the library's own conversion, which ends at a NUL within the text.
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        return SetText(parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
    }

    /// <summary>Sets a parameter to text that is UTF-8 already.</summary>
    public SqliteStatement SetText(int parameter, ReadOnlySpan<byte> value)
    {
        file.Check(raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    /// <summary>Sets a parameter to bytes; they are copied.</summary>
    public SqliteStatement SetBytes(int parameter, ReadOnlySpan<byte> value)
    {
        // A span of nothing has no address, and that would be NULL.
        file.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>Sets a parameter to NULL.</summary>
    public SqliteStatement SetNull(int parameter)
    {
        file.Check(raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one; <see cref="Reset"/> ends the run in any case.</returns>
    public bool Step()
    {
        var code = TryStep();
        if (code != raw.SQLITE_ROW && code != raw.SQLITE_DONE)
        {
            Reset();
            file.Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>Goes to the next row and returns SQLite's code.</summary>
    public int TryStep() => raw.sqlite3_step(statement);

    /// <summary>Runs it to its end.</summary>
    public void Run()
    {
        while (Step())
        {
        }

        Reset();
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The first row's first column; null where there is no row, or NULL.</returns>
    public long? RunForLong()
    {
        var value = Step() && !IsNull(0) ? Long(0) : (long?)null;
        Reset();
        return value;
    }

    /// <summary>Ends a run: the statement can be used anew, its parameters stay.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    /// <summary>A column of the row.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    /// <inheritdoc cref="Long"/>
    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A column of the row: its bytes until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>Whether a column of the row is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();
}
