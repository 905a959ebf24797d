using Bridge.Core.Schema;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Fuzzing;

/// <summary>Makes schemas of every shape, and values that fit them, or almost. Deterministic.</summary>
internal sealed class SchemaGenerator(int seed)
{
    private static readonly string[] Names = ["a", "b", "kind", "x-1", "x-2", "__proto__", "constructor", "é", "with space"];

    private readonly Random _random = new(seed);

    /// <summary>A type, nested up to a depth.</summary>
    public uint Type(SchemaBuilder schema, int depth) => depth == 0 ? Scalar(schema) : _random.Next(14) switch
    {
        0 or 1 => Scalar(schema),
        2 => schema.ArrayOf(Type(schema, depth - 1)),
        3 => schema.SetOf(Type(schema, depth - 1)),
        4 => schema.MapOf(Type(schema, depth - 1), Type(schema, depth - 1)),
        5 => schema.Tuple(Types(schema, depth - 1, 2), Types(schema, depth - 1, 2), _random.Next(2) == 0 ? Type(schema, depth - 1) : null),
        6 => schema.Tuple(Types(schema, depth - 1, 2), null, Type(schema, depth - 1), Types(schema, depth - 1, 2)),
        7 => schema.RecordOf(Type(schema, depth - 1)),
        8 => PatternObject(schema, depth),
        9 => Union(schema, depth),
        10 => Tagged(schema, depth),
        11 => Recursive(schema),
        12 => schema.Ruled(schema.ArrayOf(Type(schema, depth - 1)), _random.Next(2) == 0 ? new Rule { UniqueItems = true } : new Rule { MinLength = 1 }),
        _ => Object(schema, depth),
    };

    private uint Object(SchemaBuilder schema, int depth) => schema.Object([.. Fields(schema, depth)]);

    private uint PatternObject(SchemaBuilder schema, int depth) => schema.PatternObject(
        [(schema.Ruled(schema.Text, new Rule { Matches = "^x-[0-9]$" }), Type(schema, depth - 1))],
        _random.Next(2) == 0 ? Type(schema, depth - 1) : null,
        [.. Fields(schema, depth).Where(field => !field.Name.StartsWith("x-", StringComparison.Ordinal))]);

    private IEnumerable<FieldSpec> Fields(SchemaBuilder schema, int depth)
    {
        foreach (var name in Names.Where(_ => _random.Next(3) == 0).ToList())
        {
            yield return _random.Next(4) switch
            {
                0 => Optional(name, Type(schema, depth - 1)),
                1 => Defaulted(name, schema.ArrayOf(schema.Number), "[ 1, 2.50 ]"),
                _ => Field(name, Type(schema, depth - 1)),
            };
        }
    }

    private uint Union(SchemaBuilder schema, int depth)
    {
        var options = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Type(schema, depth - 1)).ToArray();
        return schema.Union([.. options.SelectMany(option => Flat(schema, option))]);
    }

    private static IEnumerable<uint> Flat(SchemaBuilder schema, uint type) =>
        schema.Application.Types_[(int)type] is { ShapeCase: TypeSchema.ShapeOneofCase.Union } union ? [.. union.Union.Options] : [type];

    private uint Tagged(SchemaBuilder schema, int depth)
    {
        uint[] tags = [schema.Literal("a"), schema.Enum("b", "c"), schema.Literal(_random.Next(2)), schema.Null, schema.Literal(true)];
        var options = tags.Where(_ => _random.Next(3) > 0)
            .Select(tag => schema.Object([.. Fields(schema, depth).Where(field => field.Name != "kind"), Field("kind", tag)])).ToList();
        return options.Count == 0 ? Scalar(schema) : schema.Union([.. options, schema.Number]);
    }

    private static uint Recursive(SchemaBuilder schema)
    {
        var number = schema.Number;
        return schema.Recursive(self => new TypeSchema { Object = Shape(Field("a", number), Optional("b", self), Optional("kind", schema.ArrayOf(self))) });
    }

    private uint[] Types(SchemaBuilder schema, int depth, int most) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => Type(schema, depth))];

    private uint Scalar(SchemaBuilder schema) => _random.Next(14) switch
    {
        0 => schema.Text,
        1 => schema.Number,
        2 => schema.Boolean,
        3 => schema.Null,
        4 => schema.Any,
        5 => schema.Date,
        6 => schema.BigInt,
        7 => schema.Literal("a"),
        8 => schema.Literal(2),
        9 => schema.Enum("a", "b"),
        10 => schema.Ruled(schema.Number, new Rule { Integer = true }, new Rule { Min = -1 }),
        11 => schema.Ruled(schema.Number, new Rule { MultipleOf = 0.5 }),
        12 => schema.Ruled(schema.Text, new Rule { MinLength = 1 }, new Rule { Matches = "^[a-z]*$" }),
        _ => schema.Nullable(schema.Text),
    };

    /// <summary>A value that mostly fits a type, as JSON.</summary>
    public string Value(Application application, uint id, int depth = 0)
    {
        var type = application.Types_[(int)id];
        if (_random.Next(60) == 0)
        {
            return Any();
        }

        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Primitive => ScalarOf(type.Primitive),
            TypeSchema.ShapeOneofCase.Literal => LiteralOf(type.Literal),
            TypeSchema.ShapeOneofCase.Array => List(Count(depth), _ => Value(application, type.Array.Element, depth + 1)),
            TypeSchema.ShapeOneofCase.Set => List(Count(depth), _ => Value(application, type.Set.Element, depth + 1)),
            TypeSchema.ShapeOneofCase.Map => List(
                Count(depth), _ => $"[{Value(application, type.Map.Key, depth + 1)},{Value(application, type.Map.Value, depth + 1)}]"),
            TypeSchema.ShapeOneofCase.Tuple => TupleOf(application, type.Tuple, depth),
            TypeSchema.ShapeOneofCase.Record => Members(Some(Names), _ => type.Record.Value, application, depth),
            TypeSchema.ShapeOneofCase.Union => Value(application, type.Union.Options[_random.Next(type.Union.Options.Count)], depth),
            _ => ObjectOf(application, type.Object, depth),
        };
    }

    private string ObjectOf(Application application, ObjectShape shape, int depth)
    {
        var declared = shape.Fields.Where(field => !field.Optional || (_random.Next(2) == 0 && depth < 6)).Select(field => field.Name);
        var others = _random.Next(3) == 0 || shape.HasAdditional || shape.Patterns.Count > 0 ? Some(Names) : [];
        var names = declared.Concat(others.Where(name => shape.Fields.All(field => field.Name != name))).OrderBy(_ => _random.Next(3)).ToList();
        return Members(names, name => shape.Fields.FirstOrDefault(field => field.Name == name)?.Type ?? TypeOfUndeclared(name, shape), application, depth);
    }

    private static uint? TypeOfUndeclared(string name, ObjectShape shape) =>
        name.StartsWith("x-", StringComparison.Ordinal) && shape.Patterns.Count > 0 ? shape.Patterns[0].Value : shape.HasAdditional ? shape.Additional : null;

    private string Members(List<string> names, Func<string, uint?> typeOf, Application application, int depth) =>
        $"{{{string.Join(',', names.Select(name => $"\"{name}\":{(typeOf(name) is { } type ? Value(application, type, depth + 1) : Any())}"))}}}";

    private string TupleOf(Application application, TupleShape shape, int depth)
    {
        var elements = shape.Elements.Where(element => !element.Optional || _random.Next(3) > 0).Select(element => element.Type);
        var rest = shape.HasRest ? Enumerable.Repeat(shape.Rest, _random.Next(3)) : [];
        uint[] types = [.. elements, .. rest, .. shape.Trailing.Select(element => element.Type)];
        return List(types.Length, index => Value(application, types[index], depth + 1));
    }

    private int Count(int depth) => depth > 5 ? 0 : _random.Next(3);

    private List<string> Some(string[] names) => [.. names.Where(_ => _random.Next(4) == 0)];

    private static string List(int count, Func<int, string> element) => $"[{string.Join(',', Enumerable.Range(0, count).Select(element))}]";

    private string ScalarOf(Primitive primitive) => primitive switch
    {
        Primitive.String => Pick("\"a\"", "\"b\"", "\"\"", "\"é\"", "\"\\u0061\""),
        Primitive.Number => Pick("0", "1", "2.0", "-1", "0.5", "1e2", "0.30000000000000004"),
        Primitive.Boolean => Pick("true", "false"),
        Primitive.Null => "null",
        Primitive.Date => Pick("\"2024-01-01T00:00:00Z\"", "\"2024-01-01T01:00:00+01:00\"", "\"1999-12-31T23:59:59.5Z\""),
        Primitive.Bigint => Pick("1", "\"1\"", "\"01\"", "-0", "123456789012345678901234567890"),
        _ => Any(),
    };

    private static string LiteralOf(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => $"\"{literal.Text}\"",
        Literal.ValueOneofCase.Number => literal.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => literal.Boolean ? "true" : "false",
    };

    private string Any() => Pick("null", "1", "\"a\"", "[]", "{}", "[1,[1]]", "{\"a\":{\"kind\":\"a\"}}", "true", "{ \"b\" : [ ] }");

    private string Pick(params string[] texts) => texts[_random.Next(texts.Length)];
}
