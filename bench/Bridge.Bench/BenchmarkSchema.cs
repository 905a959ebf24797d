using Bridge.Core.Schema;

namespace Bridge.Bench;

/// <summary>The schemas and payloads of the benchmarks; the validated request is the one that the frameworks are compared by.</summary>
internal static class BenchmarkSchema
{
    public const string Query = "name=test&excitement=123";

    public static readonly byte[] Body =
        """{"someKey": "test", "someOtherKey": 123, "requiredKey": [123, 456, 789], "nullableKey": null, "multipleTypesKey": true, "multipleRestrictedTypesKey": "test", "enumKey": "John"}"""u8.ToArray();

    public static readonly byte[] Answer = """{"message":"Hello, World"}"""u8.ToArray();

    /// <summary>The endpoint <c>POST /schema</c>.</summary>
    public static (Application Application, EndpointSchema Endpoint) Validated()
    {
        var application = new Application { Name = "bench", FormatVersion = 1 };
        var (text, number) = (Add(application, Primitive.String), Add(application, Primitive.Number));
        var (boolean, nothing) = (Add(application, Primitive.Boolean), Add(application, Primitive.Null));
        var numbers = Add(application, new TypeSchema { Array = new ArrayShape { Element = number } });
        var john = Add(application, new TypeSchema { Literal = new Literal { Text = "John" } });
        var foo = Add(application, new TypeSchema { Literal = new Literal { Text = "Foo" } });
        var request = Add(application, Object(
            new Field { Name = "foo", Type = text, Wire = new Wire { Kind = WireKind.Header, Name = "x-foo" } },
            new Field { Name = "name", Type = text, Optional = true, Wire = new Wire { Kind = WireKind.Query } },
            new Field { Name = "excitement", Type = number, Optional = true, Wire = new Wire { Kind = WireKind.Query } },
            new Field { Name = "someKey", Type = text, Optional = true },
            new Field { Name = "someOtherKey", Type = number, Optional = true },
            new Field { Name = "requiredKey", Type = numbers },
            new Field { Name = "nullableKey", Type = Union(application, number, nothing), Optional = true },
            new Field { Name = "multipleTypesKey", Type = Union(application, boolean, number), Optional = true },
            new Field { Name = "multipleRestrictedTypesKey", Type = Union(application, text, number), Optional = true },
            new Field { Name = "enumKey", Type = Union(application, john, foo), Optional = true }));
        var response = Add(application, Object(new Field { Name = "message", Type = text }));
        return (application, new EndpointSchema { Name = "schema", Request = request, Response = response });
    }

    /// <summary>An endpoint whose body has many fields, all strings, and a body for it.</summary>
    public static (Application Application, EndpointSchema Endpoint, byte[] Body) Wide(int fieldCount)
    {
        var application = new Application { Name = "bench", FormatVersion = 1 };
        var text = Add(application, Primitive.String);
        var names = Enumerable.Range(0, fieldCount).Select(index => $"field{index}").ToArray();
        var request = Add(application, Object([.. names.Select(name => new Field { Name = name, Type = text })]));
        var body = "{" + string.Join(",", names.Select(name => $"\"{name}\":\"value of {name}\"")) + "}";
        return (application, new EndpointSchema { Name = "wide", Request = request, Response = request }, System.Text.Encoding.UTF8.GetBytes(body));
    }

    /// <summary>An endpoint whose body is a list of objects told apart by a tag, which comes first or last, and a body of both.</summary>
    public static (Application Application, EndpointSchema Endpoint, byte[] Body) Tagged(bool isTagLast)
    {
        var application = new Application { Name = "bench", FormatVersion = 1 };
        var number = Add(application, Primitive.Number);
        var options = Enumerable.Range(0, 8).Select(index => Add(application, Object(
            new Field { Name = "kind", Type = Add(application, new TypeSchema { Literal = new Literal { Text = $"kind{index}" } }) },
            new Field { Name = "x", Type = number },
            new Field { Name = "y", Type = number }))).ToArray();
        var request = Add(application, new TypeSchema { Array = new ArrayShape { Element = Union(application, options) } });
        var elements = Enumerable.Range(0, 16).Select(index => isTagLast
            ? $$"""{"x":{{index}},"y":2.5,"kind":"kind{{index % 8}}"}"""
            : $$"""{"kind":"kind{{index % 8}}","x":{{index}},"y":2.5}""");
        return (application, new EndpointSchema { Name = "tagged", Request = request }, System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', elements)}]"));
    }

    /// <summary>An endpoint whose body is a map from strings to pairs, and a body for it.</summary>
    public static (Application Application, EndpointSchema Endpoint, byte[] Body) Map()
    {
        var application = new Application { Name = "bench", FormatVersion = 1 };
        var (text, number) = (Add(application, Primitive.String), Add(application, Primitive.Number));
        var pair = new TupleShape();
        pair.Elements.Add(new TupleElement { Type = number });
        pair.Elements.Add(new TupleElement { Type = text });
        var value = Add(application, new TypeSchema { Tuple = pair });
        var request = Add(application, new TypeSchema { Map = new MapShape { Key = text, Value = value } });
        var entries = Enumerable.Range(0, 16).Select(index => $"[\"key{index}\",[{index},\"value\"]]");
        return (application, new EndpointSchema { Name = "map", Request = request }, System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', entries)}]"));
    }

    /// <summary>An endpoint that answers rows, each with a set of texts and bytes.</summary>
    public static (Application Application, EndpointSchema Endpoint) Lowered()
    {
        var application = new Application { Name = "bench", FormatVersion = 1 };
        var (text, number, bytes) = (Add(application, Primitive.String), Add(application, Primitive.Number), Add(application, Primitive.Bytes));
        var tags = Add(application, new TypeSchema { Set = new SetShape { Element = text } });
        var row = Add(application, Object(
            new Field { Name = "id", Type = number }, new Field { Name = "name", Type = text }, new Field { Name = "tags", Type = tags },
            new Field { Name = "digest", Type = bytes }));
        var rows = Add(application, new TypeSchema { Array = new ArrayShape { Element = row } });
        var response = Add(application, Object(new Field { Name = "rows", Type = rows }));
        return (application, new EndpointSchema { Name = "lowered", Response = response });
    }

    private static TypeSchema Object(params Field[] fields)
    {
        var shape = new ObjectShape();
        shape.Fields.AddRange(fields);
        return new TypeSchema { Object = shape };
    }

    private static uint Union(Application application, params uint[] options)
    {
        var shape = new UnionShape();
        shape.Options.AddRange(options);
        return Add(application, new TypeSchema { Union = shape });
    }

    private static uint Add(Application application, Primitive primitive) => Add(application, new TypeSchema { Primitive = primitive });

    private static uint Add(Application application, TypeSchema type)
    {
        application.Types_.Add(type);
        return (uint)application.Types_.Count - 1;
    }
}
