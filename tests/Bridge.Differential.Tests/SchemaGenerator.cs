using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>Makes random types; the same seed gives the same ones.</summary>
internal sealed class SchemaGenerator
{
    /// <summary>Names of fields; some of them every JavaScript object inherits.</summary>
    public static readonly string[] Names = ["a", "b", "c", "kind", "x-a", "x-b1", "n_id", "12", "isPrototypeOf", "toLocaleString", "é", "a b"];

    /// <summary>Patterns of fields' names; some overlap.</summary>
    public static readonly string[] NamePatterns = ["^x-", "^x-[a-z]+$", "^[0-9]+$", "_id$", "^(?:a|b)"];

    private readonly Random _random;
    private readonly RuleGenerator _rules;
    private readonly Application _application = new() { FormatVersion = 1, Name = "random" };
    private readonly List<uint> _enclosing = [];

    private SchemaGenerator(int seed)
    {
        _random = new Random(seed);
        _rules = new RuleGenerator(_random);
    }

    /// <summary>An application whose type <c>root</c> is random.</summary>
    public static (Application Application, uint Root) Create(int seed)
    {
        var generator = new SchemaGenerator(seed);
        var root = generator.Type(depth: 3);

        // A request without fields is never read.
        var isEmpty = generator._application.Types_[(int)root].Object is { Fields.Count: 0, Patterns.Count: 0, HasAdditional: false };
        return (generator._application, isEmpty ? generator.List(new TypeSchema { Array = new ArrayShape { Element = root } }) : root);
    }

    private uint Type(int depth, bool inUnion = false)
    {
        var choice = _random.Next(depth > 0 ? 24 : 9);
        return choice switch
        {
            < 7 => Scalar(inUnion),
            7 => Add(new TypeSchema { Literal = Literal() }),
            8 when _enclosing.Count > 0 && !inUnion => _enclosing[_random.Next(_enclosing.Count)],
            8 => Add(new TypeSchema { Primitive = Primitive.Any }),
            < 13 => Object(depth),
            < 15 => List(new TypeSchema { Array = new ArrayShape { Element = Type(depth - 1) } }),
            15 => Record(depth),
            < 19 when !inUnion => Union(depth),
            < 21 => Tuple(depth),
            21 => Distinct(depth),
            22 => List(new TypeSchema { Map = new MapShape { Key = Plain(), Value = Type(depth - 1) } }),
            _ => List(new TypeSchema { Array = new ArrayShape { Element = Type(depth - 1) } }),
        };
    }

    private uint Scalar(bool inUnion)
    {
        // Most rules are on texts.
        var primitive = _random.Next(3) == 0 ? Primitive.String : (Primitive)_random.Next((int)Primitive.String, (int)Primitive.Bytes + 1);
        var type = new TypeSchema { Primitive = primitive };
        if (_random.Next(3) > 0)
        {
            type.Rule = primitive switch
            {
                Primitive.String => _rules.OfText(),
                Primitive.Number => _rules.OfNumber(),
                Primitive.Decimal when !inUnion => _rules.OfDecimal(),
                _ => null,
            };
        }

        return Add(type);
    }

    private uint Object(int depth)
    {
        var shape = new ObjectShape();
        var id = Add(new TypeSchema { Object = shape, Name = _random.Next(2) == 0 ? "Named" : "" });
        _enclosing.Add(id);
        var start = _random.Next(Names.Length);
        for (var index = 0; index < _random.Next(5); index++)
        {
            shape.Fields.Add(Field(Names[(start + index) % Names.Length], Type(depth - 1)));
        }

        _enclosing.Remove(id);
        if (_random.Next(4) == 0)
        {
            AddPatterns(shape, depth);
        }

        if (_random.Next(4) == 0)
        {
            shape.Additional = Type(depth - 1);
        }

        return id;
    }

    private Field Field(string name, uint type)
    {
        // A required field that leads back to its own type could never be given a value.
        var field = new Field { Name = name, Type = type, Optional = _random.Next(2) == 0 || _enclosing.Contains(type) };
        var schema = _application.Types_[(int)type];
        var isPlain = schema.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && schema.Rule is null;
        if (isPlain && schema.Primitive is Primitive.String or Primitive.Number && _random.Next(3) == 0)
        {
            field.Optional = true;
            field.DefaultJson = schema.Primitive == Primitive.String ? "\"d\"" : "7";
        }

        return field;
    }

    private void AddPatterns(ObjectShape shape, int depth)
    {
        foreach (var pattern in NamePatterns.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4)))
        {
            shape.Patterns.Add(new PatternFields { Key = NamesThat(pattern), Value = Type(depth - 1) });
        }
    }

    private uint Record(int depth)
    {
        var shape = new RecordShape { Value = Type(depth - 1) };
        switch (_random.Next(5))
        {
            case 0: shape.Key = NamesThat(NamePatterns[_random.Next(NamePatterns.Length)]); break;
            case 1: shape.Key = Add(new TypeSchema { Primitive = Primitive.Number }); break;
            case 2: shape.Key = Options([TextLiteral("a"), TextLiteral("b"), TextLiteral("kind")]); break;
            case 3: shape.Key = Add(new TypeSchema { Primitive = Primitive.String, Rule = new Rule { MaxLength = 2 } }); break;
            default: break;
        }

        return Add(new TypeSchema { Record = shape });
    }

    private uint Union(int depth)
    {
        if (_random.Next(3) == 0)
        {
            var tags = Names.Where(name => name is not "kind").OrderBy(_ => _random.Next()).Take(_random.Next(2, 4));
            return Options([.. tags.Select(tag => Tagged(tag, depth)), .. _random.Next(3) == 0 ? [Add(new TypeSchema { Primitive = Primitive.Null })] : Array.Empty<uint>()]);
        }

        return Options([.. Enumerable.Range(0, _random.Next(2, 5)).Select(_ => Type(depth - 1, inUnion: true))]);
    }

    private uint Tagged(string tag, int depth)
    {
        var shape = new ObjectShape { Fields = { new Field { Name = "kind", Type = TextLiteral(tag) } } };
        foreach (var name in Names.Take(_random.Next(3)))
        {
            shape.Fields.Add(Field(name, Type(depth - 1)));
        }

        return Add(new TypeSchema { Object = shape, Name = "Tagged" });
    }

    private uint Options(uint[] options)
    {
        var shape = new UnionShape();
        shape.Options.AddRange(options.Distinct());
        return Add(new TypeSchema { Union = shape });
    }

    private uint Tuple(int depth)
    {
        var shape = new TupleShape();
        var optional = 0;
        for (var index = _random.Next(4); index > 0; index--)
        {
            var isOptional = optional > 0 || _random.Next(4) == 0;
            optional += isOptional ? 1 : 0;
            shape.Elements.Add(new TupleElement { Type = Type(depth - 1), Optional = isOptional, Label = _random.Next(2) == 0 ? "label" : "" });
        }

        if (_random.Next(2) == 0)
        {
            shape.Rest = Type(depth - 1);
            if (optional == 0 && _random.Next(3) == 0)
            {
                shape.Trailing.Add(new TupleElement { Type = Type(depth - 1) });
            }
        }

        return List(new TypeSchema { Tuple = shape });
    }

    // Elements that differ in fields that are dropped alone are the same to a plan: here nothing is dropped.
    private uint Distinct(int depth)
    {
        var element = _random.Next(4) switch
        {
            0 when depth > 1 => Add(new TypeSchema { Array = new ArrayShape { Element = Plain() } }),
            1 when depth > 1 => Add(new TypeSchema { Record = new RecordShape { Value = Plain() } }),
            2 => Add(new TypeSchema { Primitive = Primitive.Any }),
            _ => Plain(),
        };
        return _random.Next(2) == 0
            ? List(new TypeSchema { Set = new SetShape { Element = element } })
            : Add(new TypeSchema { Array = new ArrayShape { Element = element }, Rule = new Rule { UniqueItems = true } });
    }

    private uint Plain() => Add(new TypeSchema { Primitive = (Primitive)_random.Next((int)Primitive.String, (int)Primitive.Null + 1) });

    private uint List(TypeSchema type)
    {
        type.Rule = _random.Next(3) == 0 ? _rules.OfArray() : null;
        return Add(type);
    }

    private uint NamesThat(string pattern) => Add(new TypeSchema { Primitive = Primitive.String, Rule = new Rule { Matches = pattern } });

    private uint TextLiteral(string text) => Add(new TypeSchema { Literal = new Literal { Text = text } });

    private Literal Literal() => _random.Next(5) switch
    {
        0 => new Literal { Boolean = _random.Next(2) == 0 },
        1 => new Literal { Number = _random.Next(-2, 5) },
        2 => new Literal { Number = 2.5 },
        _ => new Literal { Text = Names[_random.Next(Names.Length)] },
    };

    private uint Add(TypeSchema type)
    {
        _application.Types_.Add(type);
        return (uint)_application.Types_.Count - 1;
    }
}
