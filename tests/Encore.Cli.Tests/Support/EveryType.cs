using Bridge.Core.Schema;

namespace Encore.Cli.Tests.Support;

/// <summary>An application whose one request has a field for every shape of type and every rule.</summary>
internal static class EveryType
{
    private static readonly Rule[] TextRules =
    [
        new() { StartsWith = "a\"" }, new() { EndsWith = "z" }, new() { Matches = "^\\d+$" }, new() { MinLength = 1 }, new() { MaxLength = 9 },
        .. Enum.GetValues<Format>().Where(format => format != Format.Unspecified).Select(format => new Rule { Is = format }),
    ];

    private static readonly Rule[] NumberRules =
    [
        new() { Min = 0.5 }, new() { Max = 1e21 }, new() { Integer = true }, new() { MultipleOf = 0.01 },
        new() { Lower = new Bound { Number = 1, Exclusive = true } }, new() { Upper = new Bound { Number = 2, Exclusive = true } },
    ];

    /// <summary>The application.</summary>
    public static Application Application()
    {
        var types = new Types();
        var request = new ObjectShape();
        Add(request, types);
        var application = new Application
        {
            FormatVersion = 1,
            Name = "types",
            Build = new Build { Generator = "encore-host 9.9.9", TypescriptVersion = "6.0.3" },
            Services = { new ServiceSchema { Name = "types" } },
        };
        var root = types.Add(new TypeSchema { Name = "Request", Object = request });
        application.Types_.AddRange(types.All);
        var endpoint = new EndpointSchema { Name = "take", ExportName = "take", Methods = { "POST" }, Expose = true, Kind = EndpointKind.Typed, Request = root };
        endpoint.Path.Add(new PathSegment { Kind = PathSegmentKind.Literal, Value = "take" });
        application.Endpoints.Add(endpoint);
        return application;
    }

    private static void Add(ObjectShape request, Types types)
    {
        var text = types.Add(new TypeSchema { Primitive = Primitive.String });
        var number = types.Add(new TypeSchema { Primitive = Primitive.Number });
        var boolean = types.Add(new TypeSchema { Primitive = Primitive.Boolean });
        var pattern = types.Add(new TypeSchema { Primitive = Primitive.String, Rule = new Rule { Matches = "^x-" } });
        foreach (var primitive in Enum.GetValues<Primitive>().Where(primitive => primitive != Primitive.Unspecified))
        {
            Field(request, "plain" + primitive, types.Add(new TypeSchema { Primitive = primitive }));
        }

        Field(request, "rules", types.Add(new TypeSchema { Primitive = Primitive.String, Rule = new Rule { All = List(TextRules) } }));
        Field(request, "amount", types.Add(new TypeSchema { Primitive = Primitive.Number, Rule = new Rule { Any = List(NumberRules) } })).DefaultJson = "5";
        Field(request, "big", types.Add(new TypeSchema { Primitive = Primitive.Bigint, Rule = new Rule { Lower = new Bound { Text = "9007199254740993" } } }));
        Field(request, "since", types.Add(new TypeSchema { Primitive = Primitive.Date, Rule = new Rule { Upper = new Bound { Text = "2030-01-01T00:00:00Z" } } }));
        Field(request, "pair", types.Add(Tuple(new TupleShape { Elements = { Element(text, "from"), Element(number, "to") } })));
        Field(request, "open", types.Add(Tuple(new TupleShape { Elements = { Element(text), Element(number, optional: true) } })));
        Field(request, "ends", types.Add(Tuple(new TupleShape { Elements = { Element(text) }, Rest = number, Trailing = { Element(boolean) } })));
        Field(request, "empty", types.Add(Tuple(new TupleShape())));
        var distinct = types.Add(new TypeSchema { Array = new ArrayShape { Element = text }, Rule = new Rule { UniqueItems = true } });
        Field(request, "distinct", distinct);
        Field(request, "set", types.Add(new TypeSchema { Set = new SetShape { Element = number }, Rule = new Rule { MaxLength = 3 } }));
        Field(request, "map", types.Add(new TypeSchema { Map = new MapShape { Key = text, Value = distinct } }));
        Field(request, "headers", types.Add(new TypeSchema { Object = new ObjectShape { Additional = text, Patterns = { new PatternFields { Key = pattern, Value = number } } } }));
        Field(request, "nothing", types.Add(new TypeSchema { Object = new ObjectShape() }));
        Field(request, "either", types.Add(new TypeSchema { Union = new UnionShape { Options = { text, number } }, Rule = new Rule { Min = 2 } }));
        var tree = types.Add(new TypeSchema { Name = "Tree", Array = new ArrayShape() });
        types.All[(int)tree].Array.Element = tree;
        Field(request, "tree", tree);
        var nameless = types.Add(new TypeSchema { Array = new ArrayShape() });
        types.All[(int)nameless].Array.Element = nameless;
        Field(request, "nameless", nameless);
    }

    private static TypeSchema Tuple(TupleShape shape) => new() { Tuple = shape };

    private static TupleElement Element(uint type, string label = "", bool optional = false) => new() { Type = type, Label = label, Optional = optional };

    private static RuleList List(Rule[] rules)
    {
        var list = new RuleList();
        list.Rules.AddRange(rules);
        return list;
    }

    private static Field Field(ObjectShape shape, string name, uint type)
    {
        var field = new Field { Name = name, Type = type, Optional = true };
        shape.Fields.Add(field);
        return field;
    }

    private sealed class Types
    {
        public List<TypeSchema> All { get; } = [];

        public uint Add(TypeSchema type)
        {
            All.Add(type);
            return (uint)All.Count - 1;
        }
    }
}
