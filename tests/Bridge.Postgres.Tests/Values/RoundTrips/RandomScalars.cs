using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Bridge.Postgres.Tests.Values.RoundTrips;

/// <summary>Makes values of types without parts.</summary>
internal sealed class RandomScalars(Random random)
{
    private const long LargestSafe = 9_007_199_254_740_991;

    /// <summary>The types.</summary>
    internal static IReadOnlyList<string> Types { get; } =
    [
        "int2", "int4", "int8", "count", "oid", "float4", "float8", "numeric", "money", "bool", "uuid", "inet", "cidr", "macaddr", "macaddr8", "bit(9)", "varbit",
        "date", "time", "timetz", "timestamp", "timestamptz", "interval", "point", "lseg", "box", "path", "polygon", "circle", "line", "tsvector", "tsquery",
        "pg_lsn",
    ];

    /// <summary>A value.</summary>
    internal Sample Next(string type) => type switch
    {
        "int2" => Literal(random.Next(short.MinValue, short.MaxValue + 1)),
        "int4" => Literal(random.NextInt64(int.MinValue, int.MaxValue + 1L)),
        "int8" => Integer(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(40)),
        "count" => Integer(random.NextInt64() >> random.Next(40)),
        "oid" => Literal(random.NextInt64(0, uint.MaxValue + 1L)),
        "float4" => Float4(BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))),
        "float8" => Float8(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
        "numeric" => Numeric(),
        "money" => Tagged("m", (random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) / 100m).ToString("0.00", CultureInfo.InvariantCulture)),
        "bool" => random.Next(2) == 0 ? new Sample("true", "t") : new Sample("false", "f"),
        "timestamp" => Time(""),
        "timestamptz" => Time("+00"),
        _ => Text(TextOf(type)),
    };

    private string TextOf(string type) => type switch
    {
        "uuid" => new Guid(Bytes(16)).ToString(),
        "inet" => Address(4, 16),
        "cidr" => string.Create(CultureInfo.InvariantCulture, $"{random.Next(256)}.{random.Next(256)}.0.0/{random.Next(16, 33)}"),
        "macaddr" => string.Join(':', Bytes(6).Select(part => part.ToString("x2", CultureInfo.InvariantCulture))),
        "macaddr8" => string.Join(':', Bytes(8).Select(part => part.ToString("x2", CultureInfo.InvariantCulture))),
        "bit(9)" => Bits(9),
        "varbit" => Bits(random.Next(0, 70)),
        "date" => Date(),
        "time" => TimeOfDay(),
        "timetz" => string.Create(CultureInfo.InvariantCulture, $"{TimeOfDay()}{random.Next(-14, 15):+00;-00}:{random.Next(0, 60):00}"),
        "interval" => Interval(),
        "pg_lsn" => string.Create(CultureInfo.InvariantCulture, $"{random.Next():X}/{random.Next():X}"),
        "tsvector" => string.Join(' ', Enumerable.Range(0, random.Next(0, 4)).Select(word => string.Create(CultureInfo.InvariantCulture, $"'w {random.Next(9)}'':{word}':{random.Next(1, 100)}{"ABC"[random.Next(3)]}"))),
        "tsquery" => string.Create(CultureInfo.InvariantCulture, $"'a {random.Next(9)}' & !( 'b''c':*{"ABC"[random.Next(3)]} | 'd' <{random.Next(1, 9)}> 'e' )"),
        "point" => Point(),
        "lseg" => $"[{Point()},{Point()}]",
        "box" => $"{Point()},{Point()}",
        "path" => random.Next(2) == 0 ? $"[{Point()},{Point()},{Point()}]" : $"({Point()},{Point()})",
        "polygon" => $"({Point()},{Point()},{Point()})",
        "circle" => $"<{Point()},{Number()}>",
        "line" => string.Create(CultureInfo.InvariantCulture, $"{{{random.Next(1, 100)},{random.Next(100)},{random.Next(100)}}}"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type"),
    };

    private static Sample Literal(long number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new Sample(text, text);
    }

    private static Sample Integer(long number) =>
        Math.Abs(number / 2) <= LargestSafe / 2 && number is >= -LargestSafe and <= LargestSafe ? Literal(number) : Tagged("n", number.ToString(CultureInfo.InvariantCulture));

    // A script has no number but doubles.
    private static Sample Float4(float number) => float.IsFinite(number)
        ? Finite((double)number, number.ToString("R", CultureInfo.InvariantCulture))
        : Tagged("f", Name(number));

    private static Sample Float8(double number) => double.IsFinite(number)
        ? Finite(number, number.ToString("R", CultureInfo.InvariantCulture))
        : Tagged("f", Name(number));

    private static Sample Finite(double number, string text) => new(number.ToString("R", CultureInfo.InvariantCulture), text);

    private static string Name(double number) => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private Sample Numeric()
    {
        if (random.Next(20) == 0)
        {
            return Tagged("m", random.Next(3) switch { 0 => "NaN", 1 => "Infinity", _ => "-Infinity" });
        }

        var digits = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(10)));
        var sign = random.Next(2) == 0 ? "-" : "";
        return Tagged("m", random.Next(2) == 0 ? sign + digits : $"{sign}{digits}.{random.NextInt64()}");
    }

    private Sample Time(string zone)
    {
        if (random.Next(20) == 0)
        {
            return Tagged("d", random.Next(2) == 0 ? "infinity" : "-infinity");
        }

        var milliseconds = random.NextInt64(DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return new Sample(
            string.Create(CultureInfo.InvariantCulture, $"[\"d\",{milliseconds}]"), at.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + zone);
    }

    private string Address(params int[] lengths)
    {
        var bytes = Bytes(lengths[random.Next(lengths.Length)]);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{random.Next((bytes.Length * 8) + 1)}");
    }

    private string Date() => random.Next(12) switch
    {
        0 => "infinity",
        1 => "-infinity",
        2 => string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 4700):0000}-{random.Next(1, 13):00}-{random.Next(1, 29):00} BC"),
        3 => string.Create(CultureInfo.InvariantCulture, $"{random.Next(10_000, 5_000_000)}-{random.Next(1, 13):00}-{random.Next(1, 29):00}"),
        _ => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private string TimeOfDay() => random.Next(20) == 0 ? "24:00:00" : string.Create(CultureInfo.InvariantCulture, $"{random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1_000_000):000000}");

    private string Interval()
    {
        int Part() => random.Next(-30, 30);
        return string.Create(CultureInfo.InvariantCulture, $"P{Part()}Y{Part()}M{Part()}DT{Part()}H{Part()}M{Part()}.{random.Next(1_000_000):000000}S");
    }

    private string Point() => $"({Number()},{Number()})";

    private string Number() => (random.Next(100_000) / 64.0).ToString("R", CultureInfo.InvariantCulture);

    private string Bits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(2)));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static Sample Text(string text) => new(JsonValue.Create(text).ToJsonString(), text);

    private static Sample Tagged(string tag, string text) => new($"[\"{tag}\",\"{text}\"]", text);
}
