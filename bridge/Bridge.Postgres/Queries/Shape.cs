using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Bridge.Postgres.Values;
using Npgsql;

namespace Bridge.Postgres.Queries;

/// <summary>A list of columns, which scripts know by its number once they have seen it.</summary>
internal sealed class Shape
{
    private const int MaxNumbers = 10_000;

    private static readonly ConcurrentDictionary<string, int> Numbers = new();
    private static int lastNumber;

    private readonly string[] _names;
    private readonly uint[] _oids;

    private Shape(string[] names, uint[] oids, PgType[] types)
    {
        _names = names;
        _oids = oids;
        Types = types;
        Columns = Describe(names, types);
        Id = NumberOf(Columns);
    }

    /// <summary>Columns of nothing.</summary>
    internal static Shape None { get; } = new([], [], []);

    /// <summary>Its number in this process, above 0: the same columns have the same.</summary>
    internal int Id { get; }

    /// <summary><c>[[name, kind], …]</c></summary>
    internal string Columns { get; }

    /// <summary>The columns' types.</summary>
    internal PgType[] Types { get; }

    /// <summary>The shape of what a reader gives: <paramref name="last"/> if it is the same still.</summary>
    internal static async ValueTask<Shape> OfAsync(NpgsqlDataReader reader, Shape? last, TypeCatalog catalog, CancellationToken cancellation)
    {
        if (last is not null && last.Matches(reader))
        {
            return last;
        }

        var names = new string[reader.FieldCount];
        var oids = new uint[reader.FieldCount];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = reader.GetName(column);
            oids[column] = reader.GetDataTypeOID(column);
        }

        await catalog.LoadAsync(oids, cancellation).ConfigureAwait(false);
        return new Shape(names, oids, [.. oids.Select(oid => catalog.Find(oid) ?? ScalarType.Unknown)]);
    }

    /// <summary>Whether these are its columns.</summary>
    internal bool Matches(ReadOnlySpan<string> names, ReadOnlySpan<uint> oids) => names.SequenceEqual(_names) && oids.SequenceEqual(_oids);

    private static string Describe(string[] names, PgType[] types)
    {
        var text = new StringBuilder("[");
        for (var column = 0; column < names.Length; column++)
        {
            text.Append(column == 0 ? "[" : ",[").Append(JsonValue.Create(names[column]).ToJsonString()).Append(',').Append(types[column].Kind).Append(']');
        }

        return text.Append(']').ToString();
    }

    private static int NumberOf(string columns)
    {
        if (Numbers.Count > MaxNumbers)
        {
            // Texts made anew each time: their columns get new numbers, and scripts are told them again.
            Numbers.Clear();
        }

        return Numbers.GetOrAdd(columns, static _ => Interlocked.Increment(ref lastNumber));
    }

    private bool Matches(NpgsqlDataReader reader)
    {
        if (reader.FieldCount != _names.Length)
        {
            return false;
        }

        for (var column = 0; column < _names.Length; column++)
        {
            if (reader.GetDataTypeOID(column) != _oids[column] || reader.GetName(column) != _names[column])
            {
                return false;
            }
        }

        return true;
    }
}
