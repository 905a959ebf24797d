using Bridge.Core.Schema;

namespace Bridge.Core.Tests;

/// <summary>Builds schemas in a line: types by their ids, fields by tuples, endpoints last.</summary>
internal sealed class SchemaBuilder
{
    private readonly Application _application = new() { FormatVersion = 1, Name = "test" };

    public Application Application => _application;

    public uint Text => Add(new TypeSchema { Primitive = Primitive.String });

    public uint Number => Add(new TypeSchema { Primitive = Primitive.Number });

    public uint Boolean => Add(new TypeSchema { Primitive = Primitive.Boolean });

    public uint Null => Add(new TypeSchema { Primitive = Primitive.Null });

    public uint Any => Add(new TypeSchema { Primitive = Primitive.Any });

    public uint Date => Add(new TypeSchema { Primitive = Primitive.Date });

    public uint BigInt => Add(new TypeSchema { Primitive = Primitive.Bigint });

    public uint Decimal => Add(new TypeSchema { Primitive = Primitive.Decimal });

    public uint Bytes => Add(new TypeSchema { Primitive = Primitive.Bytes });

    public uint ArrayBuffer => Add(new TypeSchema { Primitive = Primitive.Bytes, BytesClass = BytesClass.ArrayBuffer });

    public static FieldSpec Field(string name, uint type) => new(name, type, IsOptional: false, Wire: null);

    public static FieldSpec Optional(string name, uint type) => new(name, type, IsOptional: true, Wire: null);

    public static FieldSpec Defaulted(string name, uint type, string json) => new(name, type, IsOptional: true, Wire: null, json);

    public uint Literal(string text) => Add(new TypeSchema { Literal = new Literal { Text = text } });

    public uint Literal(double number) => Add(new TypeSchema { Literal = new Literal { Number = number } });

    public uint Literal(bool value) => Add(new TypeSchema { Literal = new Literal { Boolean = value } });

    public uint ArrayOf(uint element) => Add(new TypeSchema { Array = new ArrayShape { Element = element } });

    public uint RecordOf(uint value, uint? key = null)
    {
        var shape = new RecordShape { Value = value };
        if (key is not null)
        {
            shape.Key = key.Value;
        }

        return Add(new TypeSchema { Record = shape });
    }

    public uint SetOf(uint element) => Add(new TypeSchema { Set = new SetShape { Element = element } });

    public uint MapOf(uint key, uint value) => Add(new TypeSchema { Map = new MapShape { Key = key, Value = value } });

    /// <summary>A tuple: its elements, optional ones last, then any number of <paramref name="rest"/>, then the trailing ones.</summary>
    public uint Tuple(uint[] required, uint[]? optional = null, uint? rest = null, uint[]? trailing = null)
    {
        var shape = new TupleShape();
        shape.Elements.AddRange(required.Select(type => new TupleElement { Type = type }));
        shape.Elements.AddRange((optional ?? []).Select(type => new TupleElement { Type = type, Optional = true }));
        shape.Trailing.AddRange((trailing ?? []).Select(type => new TupleElement { Type = type }));
        if (rest is not null)
        {
            shape.Rest = rest.Value;
        }

        return Add(new TypeSchema { Tuple = shape });
    }

    /// <summary>An object with fields by pattern, then any other by <paramref name="additional"/>.</summary>
    public uint PatternObject((uint Key, uint Value)[] patterns, uint? additional, params FieldSpec[] fields)
    {
        var shape = Shape(fields);
        shape.Patterns.AddRange(patterns.Select(pattern => new PatternFields { Key = pattern.Key, Value = pattern.Value }));
        if (additional is not null)
        {
            shape.Additional = additional.Value;
        }

        return Add(new TypeSchema { Object = shape });
    }

    public uint Named(string name, uint type)
    {
        var named = _application.Types_[(int)type].Clone();
        named.Name = name;
        return Add(named);
    }

    public uint Union(params uint[] options)
    {
        var shape = new UnionShape();
        shape.Options.AddRange(options);
        return Add(new TypeSchema { Union = shape });
    }

    public uint Nullable(uint type) => Union(type, Null);

    public uint Enum(params string[] texts) => Union([.. texts.Select(Literal)]);

    public uint Object(params FieldSpec[] fields) => Add(new TypeSchema { Object = Shape(fields) });

    public uint OpenObject(uint additional, params FieldSpec[] fields)
    {
        var shape = Shape(fields);
        shape.Additional = additional;
        return Add(new TypeSchema { Object = shape });
    }

    /// <summary>A type that refers to itself: the id is given before the type is built.</summary>
    public uint Recursive(Func<uint, TypeSchema> build)
    {
        var id = (uint)_application.Types_.Count;
        _application.Types_.Add(new TypeSchema());
        _application.Types_[(int)id] = build(id);
        return id;
    }

    public static ObjectShape Shape(params FieldSpec[] fields)
    {
        var shape = new ObjectShape();
        foreach (var spec in fields)
        {
            var field = new Field { Name = spec.Name, Type = spec.Type, Optional = spec.IsOptional, Wire = spec.Wire };
            if (spec.Default is not null)
            {
                field.DefaultJson = spec.Default;
            }

            shape.Fields.Add(field);
        }

        return shape;
    }

    public uint Ruled(uint type, params Rule[] rules)
    {
        var ruled = _application.Types_[(int)type].Clone();
        ruled.Rule = rules.Length == 1 ? rules[0] : All(rules);
        return Add(ruled);
    }

    public static Rule All(params Rule[] rules)
    {
        var list = new RuleList();
        list.Rules.AddRange(rules);
        return new Rule { All = list };
    }

    public static Rule AnyOf(params Rule[] rules)
    {
        var list = new RuleList();
        list.Rules.AddRange(rules);
        return new Rule { Any = list };
    }

    /// <summary>An endpoint; path parts that start with ':', '*' or '!' are parameters.</summary>
    public EndpointSchema Endpoint(uint? request = null, uint? response = null, string path = "/", bool sensitive = false)
    {
        var endpoint = new EndpointSchema { Name = "call", Kind = EndpointKind.Typed, Sensitive = sensitive };
        endpoint.Path.AddRange(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Segment));
        if (request is not null)
        {
            endpoint.Request = request.Value;
        }

        if (response is not null)
        {
            endpoint.Response = response.Value;
        }

        return endpoint;
    }

    private static PathSegment Segment(string part) => part[0] switch
    {
        ':' => new PathSegment { Kind = PathSegmentKind.Parameter, Value = part[1..] },
        '*' => new PathSegment { Kind = PathSegmentKind.Wildcard, Value = part[1..] },
        '!' => new PathSegment { Kind = PathSegmentKind.Fallback, Value = part[1..] },
        _ => new PathSegment { Kind = PathSegmentKind.Literal, Value = part },
    };

    private uint Add(TypeSchema type)
    {
        _application.Types_.Add(type);
        return (uint)_application.Types_.Count - 1;
    }
}

/// <summary>A field to be.</summary>
internal sealed record FieldSpec(string Name, uint Type, bool IsOptional, Wire? Wire, string? Default = null)
{
    public FieldSpec In(WireKind kind, string name = "") => this with { Wire = new Wire { Kind = kind, Name = name } };
}
