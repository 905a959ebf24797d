using Bridge.Core.Schema;

namespace Encore.Host.Tests.Http;

/// <summary>Builds the schema of a small application by hand.</summary>
internal sealed class TestSchema
{
    private readonly Application _application = new()
    {
        FormatVersion = 1,
        Name = "test-app",
        Files = { "app.ts" },
        Services = { new ServiceSchema { Name = "test" } },
    };

    public TestSchema()
    {
        Text = Add(new TypeSchema { Primitive = Primitive.String });
        Number = Add(new TypeSchema { Primitive = Primitive.Number });
        Any = Add(new TypeSchema { Primitive = Primitive.Any });
        Date = Add(new TypeSchema { Primitive = Primitive.Date });
        TextList = Add(new TypeSchema { Array = new ArrayShape { Element = Text } });
    }

    public uint Text { get; }

    public uint Number { get; }

    public uint Any { get; }

    public uint Date { get; }

    public uint TextList { get; }

    public Application Build() => _application;

    public uint Object(params Field[] fields) => Add(new TypeSchema { Object = new ObjectShape { Fields = { fields } } });

    public uint SetOf(uint element) => Add(new TypeSchema { Set = new SetShape { Element = element } });

    public uint MapOf(uint key, uint value) => Add(new TypeSchema { Map = new MapShape { Key = key, Value = value } });

    public uint Of(Primitive primitive) => Add(new TypeSchema { Primitive = primitive });

    public static Field Required(string name, uint type) => new() { Name = name, Type = type };

    public static Field Optional(string name, uint type) => new() { Name = name, Type = type, Optional = true };

    public static Field Header(string name, uint type, string header, bool isOptional = false) =>
        new() { Name = name, Type = type, Optional = isOptional, Wire = new Wire { Kind = WireKind.Header, Name = header } };

    public static Field Status(string name, uint type) => new() { Name = name, Type = type, Wire = new Wire { Kind = WireKind.HttpStatus } };

    /// <summary>Adds an exposed endpoint; <paramref name="path"/> is written as applications write it.</summary>
    public TestSchema Endpoint(
        string name, string methods, string path, uint? request = null, uint? response = null, bool expose = true, BodyLimit? limit = null)
    {
        var endpoint = new EndpointSchema
        {
            Name = name,
            ExportName = name,
            Kind = EndpointKind.Typed,
            Expose = expose,
            BodyLimit = limit,
            Methods = { methods.Split(',') },
            Path = { path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(SegmentOf) },
        };
        if (request is { } requestType)
        {
            endpoint.Request = requestType;
        }

        if (response is { } responseType)
        {
            endpoint.Response = responseType;
        }

        _application.Endpoints.Add(endpoint);
        return this;
    }

    /// <summary>Adds an exposed endpoint with a stream.</summary>
    public TestSchema Stream(
        string name,
        EndpointKind kind,
        string path,
        uint? incoming = null,
        uint? outgoing = null,
        uint? request = null,
        uint? response = null,
        BodyLimit? limit = null)
    {
        Endpoint(name, "GET", path, request, response, limit: limit);
        var endpoint = _application.Endpoints[^1];
        endpoint.Kind = kind;
        endpoint.Stream = new StreamSchema();
        if (incoming is { } incomingType)
        {
            endpoint.Stream.Incoming = incomingType;
        }

        if (outgoing is { } outgoingType)
        {
            endpoint.Stream.Outgoing = outgoingType;
        }

        return this;
    }

    private static PathSegment SegmentOf(string text) => text switch
    {
        [':', .. var name] => new PathSegment { Kind = PathSegmentKind.Parameter, Value = name },
        ['*', .. var name] => new PathSegment { Kind = PathSegmentKind.Wildcard, Value = name },
        ['!', .. var name] => new PathSegment { Kind = PathSegmentKind.Fallback, Value = name },
        _ => new PathSegment { Kind = PathSegmentKind.Literal, Value = text },
    };

    private uint Add(TypeSchema type)
    {
        _application.Types_.Add(type);
        return (uint)_application.Types_.Count - 1;
    }
}
