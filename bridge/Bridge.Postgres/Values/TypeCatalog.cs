using System.Collections.Concurrent;
using Npgsql;

namespace Bridge.Postgres.Values;

/// <summary>A database's types by number: those that are the same everywhere, and its own as they are met.</summary>
/// <remarks>
/// The driver's own catalogue would have to be read again for each type that is made while the application runs; this one asks for what it
/// doesn't know. Thread: any.
/// </remarks>
internal sealed class TypeCatalog(NpgsqlDataSource source)
{
    // Base types of extensions whose text isn't a plain string to scripts.
    private static readonly Dictionary<string, ScalarFormat> Extensions = new()
    {
        ["hstore"] = ScalarFormat.Hstore,
        ["vector"] = ScalarFormat.Vector,
        ["halfvec"] = ScalarFormat.Vector,
    };

    private const string Query = """
        SELECT t.typname, t.typtype::text, t.typdelim::text, t.typbasetype,
               CASE WHEN EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid) THEN t.typelem ELSE 0::oid END,
               coalesce(r.rngsubtype, 0::oid), coalesce(m.rngtypid, 0::oid),
               (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
               (SELECT array_agg(a.atttypid::bigint ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
        FROM pg_type t
        LEFT JOIN pg_range r ON r.rngtypid = t.oid
        LEFT JOIN pg_range m ON m.rngmultitypid = t.oid
        WHERE t.oid = $1
        """;

    private readonly ConcurrentDictionary<uint, PgType> _types = new();

    /// <summary>The type of that number, if it has been met before.</summary>
    internal PgType? Find(uint oid) => BuiltInTypes.Find(oid) ?? _types.GetValueOrDefault(oid);

    /// <summary>Forgets what was read, after a type has changed.</summary>
    internal void Clear() => _types.Clear();

    /// <summary>Reads those of the types that haven't been met yet, on a connection of its own.</summary>
    /// <remarks>A type that isn't there, or isn't visible yet because its transaction goes on, counts as text.</remarks>
    internal async ValueTask LoadAsync(IEnumerable<uint> oids, CancellationToken cancellation)
    {
        var missing = oids.Where(oid => Find(oid) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        foreach (var oid in missing)
        {
            await LoadAsync(connection, oid, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<PgType> LoadAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        if (Find(oid) is { } known)
        {
            return known;
        }

        if (await ReadRowAsync(connection, oid, cancellation).ConfigureAwait(false) is not { } row)
        {
            return ScalarType.Unknown;
        }

        var type = await CreateAsync(connection, oid, row, cancellation).ConfigureAwait(false);
        return _types.GetOrAdd(oid, type);
    }

    private async ValueTask<PgType> CreateAsync(NpgsqlConnection connection, uint oid, TypeRow row, CancellationToken cancellation)
    {
        ValueTask<PgType> PartAsync(uint part) => LoadAsync(connection, part, cancellation);
        if (row.Element != 0)
        {
            return new ArrayType(oid, row.Name, await PartAsync(row.Element).ConfigureAwait(false), row.Delimiter);
        }

        switch (row.Kind)
        {
            case "d":
                return await PartAsync(row.Base).ConfigureAwait(false);
            case "r":
                return new RangeType(oid, row.Name, await PartAsync(row.Bound).ConfigureAwait(false));
            case "m" when await PartAsync(row.Range).ConfigureAwait(false) is RangeType range:
                return new MultirangeType(oid, row.Name, range);
            case "c":
                List<CompositeField> fields = [];
                for (var field = 0; field < row.FieldNames.Length; field++)
                {
                    fields.Add(new CompositeField(row.FieldNames[field], await PartAsync((uint)row.FieldTypes[field]).ConfigureAwait(false)));
                }

                return new CompositeType(oid, row.Name, fields);
            default:
                return new ScalarType(oid, row.Name, row.Kind == "b" ? Extensions.GetValueOrDefault(row.Name) : ScalarFormat.Text);
        }
    }

    private static async ValueTask<TypeRow?> ReadRowAsync(NpgsqlConnection connection, uint oid, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? TypeRow.Read(reader) : null;
    }

    // A row of Query.
    private sealed record TypeRow(
        string Name, string Kind, byte Delimiter, uint Base, uint Element, uint Bound, uint Range, string[] FieldNames, long[] FieldTypes)
    {
        internal static TypeRow Read(NpgsqlDataReader reader) => new(
            reader.GetString(0),
            reader.GetString(1),
            (byte)reader.GetString(2)[0],
            reader.GetFieldValue<uint>(3),
            reader.GetFieldValue<uint>(4),
            reader.GetFieldValue<uint>(5),
            reader.GetFieldValue<uint>(6),
            reader.IsDBNull(7) ? [] : reader.GetFieldValue<string[]>(7),
            reader.IsDBNull(8) ? [] : reader.GetFieldValue<long[]>(8));
    }
}
