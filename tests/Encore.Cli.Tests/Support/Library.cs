using Bridge.Core.Schema;

namespace Encore.Cli.Tests.Support;

/// <summary>An application that uses every place of a request and of an answer.</summary>
internal static class Library
{
    private const uint Text = 0;
    private const uint Number = 1;
    private const uint Date = 2;
    private const uint Cookie = 3;
    private const uint Tags = 4;
    private const uint Paper = 7;
    private const uint Ebook = 8;
    private const uint Medium = 9;
    private const uint Book = 10;
    private const uint AddBook = 11;
    private const uint GetBook = 12;
    private const uint Added = 15;
    private const uint Page = 16;
    private const uint Null = 17;

    /// <summary>The application.</summary>
    public static Application Application()
    {
        var application = new Application
        {
            FormatVersion = 1,
            Name = "library",
            Files = { "library/library.ts" },
            Services = { new ServiceSchema { Name = "library", Folder = "library", Doc = "Books, and who has them." } },
        };
        application.Types_.AddRange(Types());
        application.Endpoints.AddRange(
        [
            Endpoint("add", ["POST"], "Adds a book.", request: AddBook, response: Added, Literal("books")).With(auth: true),
            Endpoint("cover", ["GET", "HEAD"], "", request: null, response: null, Literal("covers"), Segment(PathSegmentKind.Wildcard, "file")),
            Endpoint("get", ["GET"], "Finds a book.\n\nReaders see it, borrowed or not.", GetBook, Book, Literal("books"), Segment(PathSegmentKind.Parameter, "id")),
            Endpoint("page", ["*"], "", request: null, response: Page, Segment(PathSegmentKind.Fallback, "path")),
            Endpoint("reindex", ["POST"], "", request: null, response: null, Literal("reindex")).With(expose: false),
            Endpoint("remove", ["DELETE"], "", request: null, response: null, Literal("books"), Segment(PathSegmentKind.Parameter, "bookId")),
        ]);
        return application;
    }

    private static IEnumerable<TypeSchema> Types() =>
    [
        new() { Primitive = Primitive.String },
        new() { Primitive = Primitive.Number },
        new() { Primitive = Primitive.Date },
        Object("", Field("value", Text), Field("maxAge", Number, optional: true)),
        new() { Array = new ArrayShape { Element = Text } },
        new() { Literal = new Literal { Text = "paper" } },
        new() { Literal = new Literal { Text = "ebook" } },
        Object("Paper", Field("kind", 5), Field("pages", Number)),
        Object("Ebook", Field("kind", 6), Field("bytes", 18)),
        new() { Name = "Medium", Union = new UnionShape { Options = { Paper, Ebook, Null } } },
        Object("Book", Field("id", Number), Field("title", Text, doc: "As the cover has it."), Field("medium", Medium), Field("sequel", Book, optional: true)),
        Object(
            "AddBook",
            Field("title", Text),
            Field("medium", Medium),
            Field("key", Text, wire: Wire(WireKind.Header, "x-idempotency-key")),
            Field("session", Cookie, optional: true, wire: Wire(WireKind.Cookie, "session")),
            Field("notify", Tags, optional: true, wire: Wire(WireKind.Query, "notify"))),
        Object("GetBook", Field("id", Number), Field("at", Date, optional: true), Default(Field("language", Text, optional: true), "\"en\"")),
        new() { Literal = new Literal { Number = 201 } },
        new() { Literal = new Literal { Number = 204 } },
        Object(
            "Added",
            Field("status", 19, wire: Wire(WireKind.HttpStatus, "")),
            Field("location", Text, optional: true, doc: "Where the book is now.", wire: Wire(WireKind.Header, "location")),
            Field("seen", Cookie, wire: Wire(WireKind.Cookie, "seen")),
            Field("book", Book)),
        new() { Name = "Page<Book>", Doc = "Some of many.", Array = new ArrayShape { Element = Book } },
        new() { Primitive = Primitive.Null },
        new() { Primitive = Primitive.Bigint },
        new() { Union = new UnionShape { Options = { 13, 14 } } },
    ];

    private static EndpointSchema With(this EndpointSchema endpoint, bool expose = true, bool auth = false)
    {
        endpoint.Expose = expose;
        endpoint.Auth = auth;
        return endpoint;
    }

    private static EndpointSchema Endpoint(string name, string[] methods, string doc, uint? request, uint? response, params PathSegment[] path)
    {
        var endpoint = new EndpointSchema { Name = name, ExportName = name, Doc = doc, Expose = true, Kind = EndpointKind.Typed };
        endpoint.Methods.AddRange(methods);
        endpoint.Path.AddRange(path);
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

    private static PathSegment Literal(string value) => Segment(PathSegmentKind.Literal, value);

    private static PathSegment Segment(PathSegmentKind kind, string value) => new() { Kind = kind, Value = value };

    private static TypeSchema Object(string name, params Field[] fields)
    {
        var shape = new ObjectShape();
        shape.Fields.AddRange(fields);
        return new TypeSchema { Name = name, Object = shape };
    }

    private static Field Field(string name, uint type, bool optional = false, string doc = "", Wire? wire = null) =>
        new() { Name = name, Type = type, Optional = optional, Doc = doc, Wire = wire };

    private static Field Default(Field field, string json)
    {
        field.DefaultJson = json;
        return field;
    }

    private static Wire Wire(WireKind kind, string name) => new() { Kind = kind, Name = name };
}
