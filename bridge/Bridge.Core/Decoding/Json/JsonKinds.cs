namespace Bridge.Core.Decoding.Json;

/// <summary>The kinds of JSON value, as a set: a value's first byte says which one it is.</summary>
[Flags]
internal enum JsonKinds : byte
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Number = 4,
    Text = 8,
    Array = 16,
    Object = 32,
    All = Null | Boolean | Number | Text | Array | Object,
}

/// <summary>Classes of bytes that the scanner looks up.</summary>
internal static class JsonBytes
{
    private static readonly JsonKinds[] KindByFirstByte = CreateKinds();

    /// <summary>The kind of the value that starts with this byte; <see cref="JsonKinds.None"/> where none does.</summary>
    public static JsonKinds KindOf(byte first) => KindByFirstByte[first];

    /// <summary>The six kinds in the order in which dispatch tables list them.</summary>
    public static int IndexOf(JsonKinds kind) => int.TrailingZeroCount((int)kind);

    /// <summary>Whether RFC 8259 section 2 counts the byte as whitespace.</summary>
    public static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private static JsonKinds[] CreateKinds()
    {
        var kinds = new JsonKinds[256];
        kinds['n'] = JsonKinds.Null;
        kinds['t'] = kinds['f'] = JsonKinds.Boolean;
        kinds['"'] = JsonKinds.Text;
        kinds['['] = JsonKinds.Array;
        kinds['{'] = JsonKinds.Object;
        kinds['-'] = JsonKinds.Number;
        for (var digit = '0'; digit <= '9'; digit++)
        {
            kinds[digit] = JsonKinds.Number;
        }

        return kinds;
    }
}
