namespace Bridge.Postgres.Values;

/// <summary>
/// The types whose numbers are the same in every database, so that most statements need no look into its catalogue.
/// https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
/// </summary>
internal static class BuiltInTypes
{
    internal const uint Bytea = 17;

    private static readonly ScalarType[] Scalars =
    [
        new(16, "bool", ScalarFormat.Boolean),
        new(Bytea, "bytea", ScalarFormat.Bytes),
        new(18, "char", ScalarFormat.Text),
        new(19, "name", ScalarFormat.Text),
        new(20, "int8", ScalarFormat.Integer8),
        new(21, "int2", ScalarFormat.Number),
        new(22, "int2vector", ScalarFormat.Text),
        new(23, "int4", ScalarFormat.Number),
        new(25, "text", ScalarFormat.Text),
        new(26, "oid", ScalarFormat.Number),
        new(30, "oidvector", ScalarFormat.Text),
        new(114, "json", ScalarFormat.Json),
        new(142, "xml", ScalarFormat.Text),
        new(650, "cidr", ScalarFormat.Text),
        new(700, "float4", ScalarFormat.Float),
        new(701, "float8", ScalarFormat.Float),
        new(705, "unknown", ScalarFormat.Text),
        new(790, "money", ScalarFormat.Money),
        new(829, "macaddr", ScalarFormat.Text),
        new(869, "inet", ScalarFormat.Text),
        new(1042, "bpchar", ScalarFormat.Text),
        new(1043, "varchar", ScalarFormat.Text),
        new(1082, "date", ScalarFormat.Text),
        new(1083, "time", ScalarFormat.Text),
        new(1114, "timestamp", ScalarFormat.Timestamp),
        new(1184, "timestamptz", ScalarFormat.Timestamp),
        new(1186, "interval", ScalarFormat.Text),
        new(1266, "timetz", ScalarFormat.Text),
        new(1560, "bit", ScalarFormat.Text),
        new(1562, "varbit", ScalarFormat.Text),
        new(1700, "numeric", ScalarFormat.Numeric),
        new(2249, "record", ScalarFormat.Text),
        new(2278, "void", ScalarFormat.Text),
        new(2950, "uuid", ScalarFormat.Text),
        new(3802, "jsonb", ScalarFormat.Json),
    ];

    // An array's number, and its element's.
    private static readonly (uint Array, uint Element)[] Arrays =
    [
        (1000, 16), (1001, Bytea), (1002, 18), (1003, 19), (1016, 20), (1005, 21), (1007, 23), (1009, 25), (1028, 26), (199, 114), (143, 142),
        (651, 650), (1021, 700), (1022, 701), (791, 790), (1040, 829), (1041, 869), (1014, 1042), (1015, 1043), (1182, 1082), (1183, 1083),
        (1115, 1114), (1185, 1184), (1187, 1186), (1270, 1266), (1561, 1560), (1563, 1562), (1231, 1700), (2951, 2950), (3807, 3802),
    ];

    private static readonly Dictionary<uint, PgType> Types = Create();

    /// <summary>The type of that number, if it is one of them.</summary>
    internal static PgType? Find(uint oid) => Types.GetValueOrDefault(oid);

    private static Dictionary<uint, PgType> Create()
    {
        var types = Scalars.ToDictionary(type => type.Oid, PgType (type) => type);
        foreach (var (array, element) in Arrays)
        {
            types.Add(array, new ArrayType(array, "_" + types[element].Name, types[element], (byte)','));
        }

        return types;
    }
}
