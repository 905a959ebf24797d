using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>Makes random values of a type that mostly fit it: half of them as well as they can, the others with a fault or two.</summary>
internal sealed class ValueGenerator(Application application, int seed)
{
    private const int DeepestValue = 6;

    private readonly Random _random = new(seed);
    private readonly JsonText _json = new(new Random(seed ^ 0x5EED));
    private readonly SampleTexts _texts = new(new Random(seed ^ 0x7E47));

    // An integer in another notation is none to a bigint, and one to a validator, which sees parsed numbers.
    private readonly bool _mayVary = !application.Types_.Any(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Bigint);

    private int _faults;

    /// <summary>The next value, as JSON.</summary>
    public string Next(uint type)
    {
        _faults = _random.Next(2) == 0 ? 0 : _random.Next(1, 3);
        return Value(type, depth: 0);
    }

    private TypeSchema TypeOf(uint id) => application.Types_[(int)id];

    private bool IsFault(int oneIn)
    {
        if (_faults == 0 || _random.Next(oneIn) > 0)
        {
            return false;
        }

        _faults--;
        return true;
    }

    private string Value(uint id, int depth)
    {
        // A type whose values can only be endless has none.
        var type = TypeOf(id);
        if (depth > 2 * DeepestValue || IsFault(8))
        {
            return _json.Any();
        }

        return type.ShapeCase switch
        {
            TypeSchema.ShapeOneofCase.Primitive => OfPrimitive(type.Primitive, type.Rule),
            TypeSchema.ShapeOneofCase.Literal => OfLiteral(type.Literal),
            TypeSchema.ShapeOneofCase.Union => Value(type.Union.Options[_random.Next(type.Union.Options.Count)], depth),
            TypeSchema.ShapeOneofCase.Object => OfObject(type.Object, depth),
            TypeSchema.ShapeOneofCase.Record => OfRecord(type.Record, depth),
            TypeSchema.ShapeOneofCase.Tuple => OfTuple(type.Tuple, depth),
            TypeSchema.ShapeOneofCase.Map => List(Repeated(depth, type.Rule, () => $"[{Value(type.Map.Key, depth + 1)},{Value(type.Map.Value, depth + 1)}]")),
            TypeSchema.ShapeOneofCase.Set => List(Distinct(Repeated(depth, type.Rule, () => Value(type.Set.Element, depth + 1)))),
            _ => List(type.Rule is { UniqueItems: true }
                ? Distinct(Repeated(depth, type.Rule, () => Value(type.Array.Element, depth + 1)))
                : Repeated(depth, type.Rule, () => Value(type.Array.Element, depth + 1))),
        };
    }

    private string OfPrimitive(Primitive primitive, Rule? rule) => primitive switch
    {
        Primitive.String => _json.Quoted(rule is null ? _json.Text(_random.Next(5)) : _texts.For(rule, IsFault(2)) ?? _json.Text(_random.Next(9))),
        Primitive.Number => _json.Number(Near(rule), _mayVary),
        Primitive.Boolean => _random.Next(2) == 0 ? "true" : "false",
        Primitive.Null => "null",
        Primitive.Any => _json.Any(),
        Primitive.Date => _json.Quoted(IsFault(2) ? Pick("2024-02-30T00:00:00Z", "2024-01-01", "now", "") : Pick("2024-02-29T12:00:00Z", "1999-12-31T23:59:59.5+01:00")),
        Primitive.Bigint => Pick("0", "-7", "12345678901234567890", "\"42\"", "\"-1\"", IsFault(2) ? "\"1.5\"" : "5"),

        // Rules on a decimal that is written as text are beyond JSON Schema.
        Primitive.Decimal when rule is not null => _json.Number(Near(rule), _mayVary),
        Primitive.Decimal => IsFault(2) ? Pick("\"\"", "\"1e12345\"", "\"1,5\"", "\".\"") : Pick("1.50", "\"1.50\"", "\"-.5e3\"", "\"+7.\"", "-0.25", "1e3"),
        _ => _json.Quoted(IsFault(2) ? Pick("A", "YQ=", "Y*==", "YWJj=", "====") : Pick("", "YQ==", "YQ", "YWI=", "YWI", "YWJj", "+/+/")),
    };

    /// <summary>A number on either side of what a rule asks, or on the edge.</summary>
    private double Near(Rule? rule)
    {
        switch (rule?.RuleCase)
        {
            case Rule.RuleOneofCase.All:
                return Near(rule.All.Rules[_random.Next(rule.All.Rules.Count)]);
            case Rule.RuleOneofCase.Any:
                return Near(rule.Any.Rules[_random.Next(rule.Any.Rules.Count)]);
            case Rule.RuleOneofCase.MultipleOf:
                return Math.Round((rule.MultipleOf * _random.Next(-20, 40)) + (IsFault(2) ? rule.MultipleOf / 2 : 0), 3);
            case Rule.RuleOneofCase.Min or Rule.RuleOneofCase.Max:
                return rule.Min + rule.Max + Offset(rule.RuleCase == Rule.RuleOneofCase.Max);
            case Rule.RuleOneofCase.Lower or Rule.RuleOneofCase.Upper:
                var bound = rule.Lower ?? rule.Upper;
                var value = bound.ValueCase == Bound.ValueOneofCase.Text ? double.Parse(bound.Text, System.Globalization.CultureInfo.InvariantCulture) : bound.Number;
                return value + Offset(rule.RuleCase == Rule.RuleOneofCase.Upper);
            default:
                return _random.Next(6) == 0 ? _random.Next(-100, 100) / 8.0 : _random.Next(-5, 20);
        }
    }

    private double Offset(bool isUpper)
    {
        var offset = _random.Next(4) * 0.5;
        return isUpper != IsFault(2) ? -offset : offset;
    }

    private string OfLiteral(Literal literal) => literal.ValueCase switch
    {
        Literal.ValueOneofCase.Text => _json.Quoted(IsFault(3) ? literal.Text + "x" : literal.Text),
        Literal.ValueOneofCase.Number => _json.Number(literal.Number + (IsFault(3) ? 1 : 0), _mayVary),
        _ => literal.Boolean != IsFault(3) ? "true" : "false",
    };

    private string OfObject(ObjectShape shape, int depth)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in shape.Fields.OrderBy(_ => _random.Next(8)))
        {
            var isGiven = field.Optional ? depth < DeepestValue && _random.Next(2) == 0 : !IsFault(4);
            if (isGiven)
            {
                members[field.Name] = Value(field.Type, depth + 1);
            }
        }

        for (var count = depth < DeepestValue ? _random.Next(3) : 0; count > 0; count--)
        {
            var name = SampleName();
            if (!members.ContainsKey(name) && !shape.Fields.Any(field => field.Name == name))
            {
                members[name] = Undeclared(shape, name, depth);
            }
        }

        return Members(members);
    }

    private string Undeclared(ObjectShape shape, string name, int depth)
    {
        foreach (var pattern in shape.Patterns)
        {
            if (System.Text.RegularExpressions.Regex.IsMatch(name, TypeOf(pattern.Key).Rule.Matches, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                return Value(pattern.Value, depth + 1);
            }
        }

        return shape.HasAdditional ? Value(shape.Additional, depth + 1) : _json.Any();
    }

    private string OfRecord(RecordShape shape, int depth)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = depth < DeepestValue ? _random.Next(4) : 0; count > 0; count--)
        {
            members[shape.HasKey && !IsFault(3) ? Key(TypeOf(shape.Key)) : SampleName()] = Value(shape.Value, depth + 1);
        }

        return Members(members);
    }

    private string Key(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Union => TypeOf(type.Union.Options[_random.Next(type.Union.Options.Count)]).Literal.Text,
        _ when type.Primitive == Primitive.Number => Pick("0", "12", "-1.5", "1e3", "12"),
        _ when type.Rule is { RuleCase: Rule.RuleOneofCase.MaxLength } => Pick("", "a", "ab", "é"),
        _ => type.Rule.Matches switch
        {
            "^x-" => Pick("x-a", "x-", "x-b1"),
            "^x-[a-z]+$" => Pick("x-a", "x-abc"),
            "^[0-9]+$" => Pick("0", "12"),
            "_id$" => Pick("n_id", "_id"),
            _ => Pick("a", "bc"),
        },
    };

    private string OfTuple(TupleShape tuple, int depth)
    {
        var elements = new List<string>();
        foreach (var element in tuple.Elements)
        {
            if (element.Optional && (depth >= DeepestValue || _random.Next(3) == 0))
            {
                return List(elements);
            }

            elements.Add(Value(element.Type, depth + 1));
        }

        if (tuple.HasRest)
        {
            elements.AddRange(Repeated(depth, rule: null, () => Value(tuple.Rest, depth + 1)));
        }

        elements.AddRange(tuple.Trailing.Select(element => Value(element.Type, depth + 1)));
        if (IsFault(3))
        {
            elements.Add(_json.Any(1));
        }
        else if (elements.Count > 0 && IsFault(3))
        {
            elements.RemoveAt(elements.Count - 1);
        }

        return List(elements);
    }

    private List<string> Repeated(int depth, Rule? rule, Func<string> element)
    {
        var count = depth >= DeepestValue ? 0 : rule is null ? _random.Next(4) : _random.Next(7);
        return [.. Enumerable.Range(0, count).Select(_ => element())];
    }

    private List<string> Distinct(List<string> elements) => elements.Count > 0 && IsFault(2) ? [.. elements, elements[0]] : [.. elements.Distinct(StringComparer.Ordinal)];

    private static string List(List<string> elements) => $"[{string.Join(',', elements)}]";

    private string Members(Dictionary<string, string> members) => $"{{{string.Join(',', members.Select(member => $"{_json.Quoted(member.Key)}:{member.Value}"))}}}";

    private string SampleName() => _random.Next(3) == 0 ? Pick("0", "x-", "x-zz", "q_id", "extra") : SchemaGenerator.Names[_random.Next(SchemaGenerator.Names.Length)];

    private string Pick(params ReadOnlySpan<string> items) => items[_random.Next(items.Length)];
}
