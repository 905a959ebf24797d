using Bridge.Core.Schema;

namespace Encore.Cli.Tests.Support;

/// <summary>Two services with an auth handler, endpoints of every kind and awkward names.</summary>
internal static class Chat
{
    private const uint Text = 0;
    private const uint Number = 1;
    private const uint Join = 2;
    private const uint Message = 3;
    private const uint Count = 4;
    private const uint AuthParams = 5;
    private const uint Cookie = 6;
    private const uint UserData = 7;
    private const uint Update = 8;
    private const uint Numbers = 9;

    /// <summary>The application.</summary>
    public static Application Application()
    {
        var application = new Application
        {
            FormatVersion = 1,
            Name = "chat",
            Files = { "rooms/rooms.ts", "shared/types.ts", "user-files/files.ts" },
            Services = { new ServiceSchema { Name = "rooms", Folder = "rooms" }, new ServiceSchema { Name = "user-files", Folder = "user-files", Doc = "Files of users." } },
            AuthHandlers = { new AuthHandlerSchema { Name = "auth", Params = AuthParams, AuthData = UserData } },
            Gateways = { new GatewaySchema { Name = "api-gateway", AuthHandler = 0 } },
        };
        application.Types_.AddRange(Types());
        application.Endpoints.AddRange(
        [
            Stream("listen", EndpointKind.StreamOut, Join, incoming: null, outgoing: Message, "Messages of a room.", Literal("rooms"), Parameter("room"), Literal("listen")),
            Stream("talk", EndpointKind.StreamInOut, Join, Message, Message, "", Literal("rooms"), Parameter("room")),
            Stream("upload", EndpointKind.StreamIn, request: null, Message, outgoing: null, "", Literal("upload")).With(response: Count),
            Endpoint("update", EndpointKind.Typed, ["PATCH"], Literal("rooms"), Parameter("class")).With(Update, Message).With("beta"),
            Endpoint("assets", EndpointKind.Static, ["GET"], Literal("assets"), new PathSegment { Kind = PathSegmentKind.Wildcard, Value = "path" }).In(1),
            Endpoint("constructor", EndpointKind.Typed, ["DELETE"], Literal("it's `${odd}`")).In(1).With(response: Count),
            Endpoint("hook", EndpointKind.Raw, ["POST", "PUT"], Literal("hooks"), Parameter("id")).In(1),
        ]);
        return application;
    }

    private static IEnumerable<TypeSchema> Types() =>
    [
        new() { Primitive = Primitive.String },
        new() { Primitive = Primitive.Number },
        Object("Join", Field("room", Text), Field("since", Number, optional: true), Field("device", Text, optional: true, new Wire { Kind = WireKind.Header, Name = "x-device" })),
        Object("Message", new SourcePosition { File = 1, Line = 1, Column = 1 }, "One «message» ‹of› a */ room.", Field("text", Text), Field("x-from", Text, optional: true)),
        Object("Count", Field("count", Number), Field("all", Numbers, optional: true, new Wire { Kind = WireKind.Header, Name = "x-all" })),
        Object(
            "Params",
            Field("authorization", Text, optional: true, new Wire { Kind = WireKind.Header, Name = "authorization" }),
            Field("key", Text, optional: true, new Wire { Kind = WireKind.Query, Name = "key" }),
            Field("session", Cookie, optional: true, new Wire { Kind = WireKind.Cookie, Name = "session" })),
        Object("", Field("value", Text)),
        Object("UserData", Field("userID", Text)),
        Object(
            "Update",
            Field("class", Text),
            Field("default", Number, optional: true, new Wire { Kind = WireKind.Query, Name = "default" }),
            Field("text", Text)),
        new() { Array = new ArrayShape { Element = Number } },
    ];

    private static EndpointSchema Endpoint(string name, EndpointKind kind, string[] methods, params PathSegment[] path)
    {
        var endpoint = new EndpointSchema { Name = name, ExportName = name, Expose = true, Kind = kind };
        endpoint.Methods.AddRange(methods);
        endpoint.Path.AddRange(path);
        return endpoint;
    }

    private static EndpointSchema Stream(string name, EndpointKind kind, uint? request, uint? incoming, uint? outgoing, string doc, params PathSegment[] path)
    {
        var endpoint = Endpoint(name, kind, ["GET"], path).With(request);
        endpoint.Doc = doc;
        endpoint.Stream = new StreamSchema();
        if (incoming is { } sent)
        {
            endpoint.Stream.Incoming = sent;
        }

        if (outgoing is { } got)
        {
            endpoint.Stream.Outgoing = got;
        }

        return endpoint;
    }

    private static EndpointSchema With(this EndpointSchema endpoint, uint? request = null, uint? response = null)
    {
        if (request is { } parameters)
        {
            endpoint.Request = parameters;
        }

        if (response is { } answer)
        {
            endpoint.Response = answer;
        }

        return endpoint;
    }

    private static EndpointSchema With(this EndpointSchema endpoint, string tag)
    {
        endpoint.Tags.Add(tag);
        return endpoint;
    }

    private static EndpointSchema In(this EndpointSchema endpoint, uint service)
    {
        endpoint.Service = service;
        return endpoint;
    }

    private static PathSegment Literal(string value) => new() { Kind = PathSegmentKind.Literal, Value = value };

    private static PathSegment Parameter(string value) => new() { Kind = PathSegmentKind.Parameter, Value = value };

    private static TypeSchema Object(string name, params Field[] fields) => Object(name, new SourcePosition { Line = 1, Column = 1 }, "", fields);

    private static TypeSchema Object(string name, SourcePosition position, string doc, params Field[] fields)
    {
        var shape = new ObjectShape();
        shape.Fields.AddRange(fields);
        return new TypeSchema { Name = name, Position = position, Doc = doc, Object = shape };
    }

    private static Field Field(string name, uint type, bool optional = false, Wire? wire = null) => new() { Name = name, Type = type, Optional = optional, Wire = wire };
}
