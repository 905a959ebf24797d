using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bridge.Postgres.Tests.Values.RoundTrips;

/// <summary>Makes values of PostgreSQL's types. The same source gives the same values.</summary>
internal sealed class RandomValues(Random random)
{
    private const string Letters = "abcXYZ019 _-\"'\\,;:(){}[]<>=%$\t\n\r\u0001ü☃😀";

    private static readonly string[] Elements =
        ["int2", "int4", "int8", "float8", "numeric", "bool", "text", "uuid", "bytea", "timestamptz", "date", "interval", "inet", "jsonb", "mood", "pair", "int4range", "count", "citext"];

    private static readonly string[] Ranges = ["int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"];

    private readonly RandomScalars _scalars = new(random);
    private readonly List<byte> _bytes = [];

    /// <summary>All types that values can be made of.</summary>
    internal static IReadOnlyList<string> Types { get; } =
    [
        .. RandomScalars.Types, "text", "varchar", "citext", "char(12)", "bytea", "json", "jsonb", "mood", "pair", "hstore", "vector",
        .. Elements.Select(type => type + "[]"), .. Ranges, .. Ranges.Select(type => type.Replace("range", "multirange", StringComparison.Ordinal)),
    ];

    /// <summary>Whether values of a type, or its elements, are any JSON.</summary>
    internal static bool IsJson(string type) => type is "json" or "jsonb" or "jsonb[]";

    /// <summary>A value.</summary>
    internal WholeSample Next(string type)
    {
        _bytes.Clear();
        var sample = Make(type);
        return new WholeSample(sample.Operand, sample.Text!, [.. _bytes]);
    }

    private Sample Make(string type) => type switch
    {
        _ when type.EndsWith("[]", StringComparison.Ordinal) => Array(type[..^2]),
        _ when type.EndsWith("multirange", StringComparison.Ordinal) => Multirange(type.Replace("multi", "", StringComparison.Ordinal)),
        _ when type.EndsWith("range", StringComparison.Ordinal) => Range(type),
        "text" or "varchar" or "citext" => Plain(Word(20)),
        "char(12)" => Plain(Word(6)),
        "mood" => Plain(Pick("sad", "so so", "a\"b", "c,d", "{}", "NULL")),
        "bytea" => Bytes(),
        "json" or "jsonb" => Json(),
        "pair" => Pair(),
        "hstore" => Hstore(),
        "vector" => Vector(),
        _ => _scalars.Next(type),
    };

    private Sample Array(string element)
    {
        if (random.Next(10) == 0)
        {
            return new Sample("[\"a\",[]]", "{}");
        }

        // Lists within a list of composites, or of JSON, are its elements' values.
        var deepest = element is "pair" or "jsonb" ? 1 : 3;
        var dimensions = Enumerable.Range(0, random.Next(1, deepest + 1)).Select(_ => random.Next(1, 4)).ToArray();
        return Array(element, dimensions);
    }

    private Sample Array(string element, ReadOnlySpan<int> dimensions)
    {
        var items = new List<Sample>();
        for (var item = 0; item < dimensions[0]; item++)
        {
            items.Add(dimensions.Length > 1 ? Array(element, dimensions[1..]) : Element(element));
        }

        var texts = dimensions.Length > 1 ? items.Select(item => item.Text) : items.Select(item => item.Text is null ? "NULL" : Quote(item.Text));
        return new Sample($"[\"a\",[{string.Join(',', items.Select(item => item.Operand))}]]", "{" + string.Join(',', texts) + "}");
    }

    private Sample Element(string type)
    {
        if (random.Next(6) == 0)
        {
            return Sample.Null;
        }

        return type == "jsonb" ? JsonObjectSample() : Make(type);
    }

    private Sample Range(string type)
    {
        if (random.Next(12) == 0)
        {
            return new Sample(Tagged(new JsonObject { ["empty"] = true }), "empty");
        }

        var (lower, upper) = Bounds(type);
        var (hasLower, hasUpper) = (random.Next(6) != 0, random.Next(6) != 0);
        var (isLowerIn, isUpperIn) = (random.Next(2) == 0, random.Next(2) == 0);
        var value = new JsonObject
        {
            ["lower"] = hasLower ? lower.Value : null,
            ["upper"] = hasUpper ? upper.Value : null,
            ["lowerInclusive"] = isLowerIn,
            ["upperInclusive"] = isUpperIn,
        };
        return new Sample(Tagged(value), $"{(isLowerIn ? '[' : '(')}{(hasLower ? lower.Text : "")},{(hasUpper ? upper.Text : "")}{(isUpperIn ? ']' : ')')}");
    }

    private ((JsonNode Value, string Text) Lower, (JsonNode Value, string Text) Upper) Bounds(string type)
    {
        var (low, high) = (random.NextInt64(-1_000_000, 1_000_000), random.NextInt64(1_000_000, 3_000_000));
        return (Bound(type, low), Bound(type, high));
    }

    private static (JsonNode Value, string Text) Bound(string type, long number)
    {
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(number * 86_413_579L / 10);
        var text = type switch
        {
            "numrange" => (number / 1000m).ToString(CultureInfo.InvariantCulture),
            "daterange" => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "tsrange" => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture),
            "tstzrange" => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            _ => number.ToString(CultureInfo.InvariantCulture),
        };
        return (type is "int4range" or "int8range" ? JsonValue.Create(number) : JsonValue.Create(text), text);
    }

    private Sample Multirange(string type)
    {
        var ranges = Enumerable.Range(0, random.Next(0, 4)).Select(_ => Range(type)).ToList();
        return new Sample($"[\"a\",[{string.Join(',', ranges.Select(range => range.Operand))}]]", "{" + string.Join(',', ranges.Select(range => range.Text)) + "}");
    }

    private Sample Bytes()
    {
        var bytes = new byte[random.Next(0, 40)];
        random.NextBytes(bytes);
        var at = _bytes.Count;
        _bytes.AddRange(bytes);
        return new Sample(string.Create(CultureInfo.InvariantCulture, $"[\"b\",{at},{bytes.Length}]"), "\\x" + Convert.ToHexStringLower(bytes));
    }

    private Sample Json()
    {
        if (random.Next(3) > 0)
        {
            return JsonObjectSample();
        }

        var items = Enumerable.Range(0, random.Next(0, 5)).Select(_ => JsonObjectSample()).ToList();
        return new Sample($"[\"a\",[{string.Join(',', items.Select(item => item.Operand))}]]", "[" + string.Join(',', items.Select(item => item.Text)) + "]");
    }

    private Sample JsonObjectSample()
    {
        var value = new JsonObject { [Word(8) + "k"] = JsonContent(3) };
        return new Sample(Tagged(value), value.ToJsonString());
    }

    private JsonNode? JsonContent(int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.NextInt64(-1_000_000_000_000, 1_000_000_000_000)),
        3 => JsonValue.Create(Math.Round(random.NextDouble(), 12)),
        4 => JsonValue.Create(Word(12)),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => JsonContent(depth - 1))]),
        _ => new JsonObject { [Word(5) + "1"] = JsonContent(depth - 1), [Word(5) + "2"] = JsonContent(depth - 1) },
    };

    private Sample Pair()
    {
        var (number, word) = (random.Next(), Word(12));
        var tags = random.Next(4) == 0 ? null : Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) == 0 ? null : Word(6)).ToList();
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(-100_000_000_000, 4_000_000_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var value = new JsonObject
        {
            ["a"] = number,
            ["b c"] = word,
            ["tags"] = tags is null ? null : new JsonArray([.. tags.Select(tag => (JsonNode?)tag)]),
            ["at"] = at,
        };
        var list = tags is null ? "" : Quote("{" + string.Join(',', tags.Select(tag => tag is null ? "NULL" : Quote(tag))) + "}");
        return new Sample(Tagged(value), string.Create(CultureInfo.InvariantCulture, $"({number},{Quote(word)},{list},{at})"));
    }

    private Sample Hstore()
    {
        var pairs = Enumerable.Range(0, random.Next(0, 4)).Select(number => (Key: Word(6) + number, Value: random.Next(4) == 0 ? null : Word(8))).ToList();
        return new Sample(
            Tagged(new JsonObject(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))),
            string.Join(',', pairs.Select(pair => $"{Quote(pair.Key)}=>{(pair.Value is null ? "NULL" : Quote(pair.Value))}")));
    }

    private Sample Vector()
    {
        var numbers = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture)).ToList();
        return new Sample($"[\"a\",[{string.Join(',', numbers)}]]", $"[{string.Join(',', numbers)}]");
    }

    private static Sample Plain(string text) => new(JsonValue.Create(text).ToJsonString(), text);

    private string Word(int longest)
    {
        var word = new StringBuilder();
        for (var left = random.Next(0, longest + 1); left > 0; left--)
        {
            var at = random.Next(Letters.Length);
            word.Append(char.IsSurrogate(Letters[at]) ? "😀" : Letters[at]);
        }

        return word.ToString();
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];

    private static string Tagged(JsonNode value) => $"[\"j\",{JsonValue.Create(value.ToJsonString()).ToJsonString()}]";

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
