using System.Globalization;
using System.Text.Json.Nodes;
using Bridge.Core.Schema;
using Bridge.Core.Tests;

namespace Bridge.Engine.Tests.Responses;

/// <summary>Random types with random values of theirs, as JSON in the one form that comes back.</summary>
/// <remarks>
/// A union never holds two options that one text could be of, since the first would take the other's values: no number beside a bigint, no
/// base64 beside digits. Strings start with a character that no date, number or base64 has.
/// </remarks>
internal sealed class RandomTypes(Random random, SchemaBuilder schema)
{
    private const int MaxDepth = 4;

    private static readonly string[] Names = ["a", "b", "c", "kind", "constructor", "__proto__", "quo\"te", "é😀", "", "0", "a/b~c"];

    private static readonly string[] Texts = ["", "x", "é漢😀", "\"\\/\b\n\u0000", "</script>\u2028", "ü\ud83d\ude00", "0123456789abcdef0123456789abcdef"];

    /// <summary>A type, and what gives values of it.</summary>
    public (uint Type, Func<JsonNode?> Value) Next(int depth = 0) => random.Next(depth < MaxDepth ? 17 : 8) switch
    {
        0 => (schema.Text, () => Text()),
        1 => (schema.Number, () => Number()),
        2 => (schema.Boolean, () => random.Next(2) == 0),
        3 => (schema.Date, () => Date()),
        4 => (random.Next(2) == 0 ? schema.BigInt : schema.Decimal, () => Digits()),
        5 or 6 => (schema.Bytes, () => Bytes()),
        7 => (schema.Enum("#red", "#green", "#blue"), () => new[] { "#red", "#green", "#blue" }[random.Next(3)]),
        8 => Array(depth),
        9 => Record(depth),
        10 or 11 => Object(depth),
        12 => Union(depth),
        13 => Set(depth),
        14 => Map(depth),
        15 => Tuple(depth),
        _ => Nullable(depth),
    };

    private (uint Type, Func<JsonNode?> Value) Array(int depth)
    {
        var (type, value) = Next(depth + 1);
        return (schema.ArrayOf(type), () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => value())]));
    }

    private (uint Type, Func<JsonNode?> Value) Set(int depth)
    {
        var (type, value) = Next(depth + 1);
        return (schema.SetOf(type), () => new JsonArray([.. Distinct(value)]));
    }

    private (uint Type, Func<JsonNode?> Value) Map(int depth)
    {
        var ((keyType, key), (type, value)) = (Next(depth + 1), Next(depth + 1));
        return (schema.MapOf(keyType, type), () => new JsonArray([.. Distinct(key).Select(one => new JsonArray(one, value()))]));
    }

    private (uint Type, Func<JsonNode?> Value) Tuple(int depth)
    {
        var required = Parts(depth, random.Next(3));
        var hasTrailing = random.Next(2) == 0;
        var optional = hasTrailing ? [] : Parts(depth, random.Next(3));
        var rest = hasTrailing || random.Next(2) == 0 ? Parts(depth, 1) : [];
        var trailing = hasTrailing ? Parts(depth, 2) : [];
        var type = schema.Tuple(Types(required), Types(optional), rest.Count > 0 ? rest[0].Type : null, Types(trailing));
        return (type, Value);

        JsonNode Value()
        {
            var taken = random.Next(optional.Count + 1);
            var more = taken == optional.Count && rest.Count > 0 ? Enumerable.Repeat(rest[0], random.Next(3)) : [];
            return new JsonArray([.. required.Concat(optional.Take(taken)).Concat(more).Concat(trailing).Select(part => part.Value())]);
        }
    }

    private List<(uint Type, Func<JsonNode?> Value)> Parts(int depth, int count) => [.. Enumerable.Range(0, count).Select(_ => Next(depth + 1))];

    private static uint[] Types(List<(uint Type, Func<JsonNode?> Value)> parts) => [.. parts.Select(part => part.Type)];

    private List<JsonNode?> Distinct(Func<JsonNode?> value)
    {
        var distinct = new List<JsonNode?>();
        foreach (var one in Enumerable.Range(0, random.Next(4)).Select(_ => value()))
        {
            if (!distinct.Exists(other => JsonNode.DeepEquals(one, other)))
            {
                distinct.Add(one);
            }
        }

        return distinct;
    }

    private (uint Type, Func<JsonNode?> Value) Record(int depth)
    {
        var (type, value) = Next(depth + 1);
        return (schema.RecordOf(type), () => Members(Shuffled(Names).Take(random.Next(4)).Select(name => (name, value))));
    }

    private (uint Type, Func<JsonNode?> Value) Object(int depth, FieldSpec? tag = null, string tagText = "")
    {
        var fields = Shuffled(Names).Where(name => tag is null || name != tag.Name).Take(random.Next(1, 5))
            .Select(name => (Name: name, IsOptional: random.Next(2) == 0, Part: Next(depth + 1))).ToList();
        var specs = fields.Select(field => new FieldSpec(field.Name, field.Part.Type, field.IsOptional, Wire: null));
        var isOpen = tag is null && random.Next(4) == 0;
        var (additional, extra) = isOpen ? Next(depth + 1) : default;
        FieldSpec[] all = tag is null ? [.. specs] : [tag, .. specs];
        return (isOpen ? schema.OpenObject(additional, all) : schema.Object(all), Value);

        JsonNode Value()
        {
            var value = Members(fields.Where(field => !field.IsOptional || random.Next(2) == 0).Select(field => (field.Name, field.Part.Value)));
            if (tag is not null)
            {
                value[tag.Name] = tagText;
            }

            if (isOpen)
            {
                value["not declared"] = extra();
            }

            return value;
        }
    }

    private (uint Type, Func<JsonNode?> Value) Union(int depth)
    {
        var options = new List<(uint Type, Func<JsonNode?> Value)> { (schema.Date, () => Date()), (schema.Text, () => Text()), (schema.Boolean, () => true) };
        options.Add(random.Next(3) switch
        {
            0 => (schema.Number, () => Number()),
            1 => (schema.BigInt, () => Digits()),
            _ => (schema.Bytes, () => Bytes()),
        });
        options.Add(Array(depth));
        options.AddRange(Enumerable.Range(0, 2).Select(index => Object(depth, SchemaBuilder.Field("kind", schema.Literal($"#{index}")), $"#{index}")));
        options.Add((schema.Null, () => null));
        var chosen = Shuffled(options).Take(random.Next(2, options.Count)).ToList();
        return (schema.Union([.. chosen.Select(option => option.Type)]), () => chosen[random.Next(chosen.Count)].Value());
    }

    private (uint Type, Func<JsonNode?> Value) Nullable(int depth)
    {
        var (type, value) = random.Next(2) == 0 ? Object(depth) : Array(depth);
        return (schema.Nullable(type), () => random.Next(3) == 0 ? null : value());
    }

    private JsonNode Text() => "#" + Texts[random.Next(Texts.Length)];

    private JsonNode Number() => random.Next(3) switch
    {
        0 => random.Next(-1000, 1000),
        1 => random.NextInt64(1L << 53),
        _ => Math.Round(random.NextDouble() * 1000, 3),
    };

    private JsonNode Date() =>
        DateTime.UnixEpoch.AddMilliseconds(random.NextInt64(-2_000_000_000_000, 4_000_000_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private JsonNode Digits() => (random.Next(2) == 0 ? "-" : "") + random.Next(1, 10) + string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(10)));

    private JsonNode Bytes()
    {
        var bytes = new byte[random.Next(9)];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static JsonObject Members(IEnumerable<(string Name, Func<JsonNode?> Value)> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value())));

    private List<T> Shuffled<T>(IEnumerable<T> items) => [.. items.OrderBy(_ => random.Next())];
}
