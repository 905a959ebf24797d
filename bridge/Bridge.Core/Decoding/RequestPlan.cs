using System.Text;
using System.Text.Unicode;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Places;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding;

/// <summary>
/// How requests to one endpoint by one method become the one JSON object that its handler is called with: path, query, headers, cookies and
/// body checked against the schema, merged by field name, everything undeclared gone.
/// </summary>
/// <remarks>
/// Dates cross as milliseconds since 1970, bigints and decimals as strings of digits, bytes as base64 (<see cref="Reviver"/> makes them
/// objects again). A valid request allocates nothing; a bad one is decoded a second time to find out all that is wrong with it.
/// Immutable. Thread: any.
/// </remarks>
public sealed class RequestPlan
{
    private readonly PathPlace? _path;
    private readonly QueryPlace? _query;
    private readonly HeaderPlace? _headers;
    private readonly CookiePlace? _cookies;
    private readonly ObjectNode? _body;
    private readonly ValueNode? _wholeBody;
    private readonly bool _isSensitive;

    private RequestPlan(PlanCompiler compiler, EndpointSchema endpoint, string method)
    {
        _isSensitive = endpoint.Sensitive;
        if (!endpoint.HasRequest)
        {
            return;
        }

        HasParameters = true;
        var type = compiler.TypeOf(endpoint.Request);
        var root = compiler.NodeOf(endpoint.Request);
        if (type.ShapeCase == TypeSchema.ShapeOneofCase.Object)
        {
            var shape = (root as ObjectNode) ?? (ObjectNode)((RuledNode)root).Inner;
            var isBodyDefault = method is "POST" or "PUT" or "PATCH";
            var fields = new RequestFields(endpoint, type.Object, shape.Fields, isBodyDefault);
            (_path, _query, _headers, _cookies) = (fields.Path, fields.Query, fields.Headers, fields.Cookies);
            var additional = isBodyDefault ? shape.Additional : null;
            if (fields.Body.Count > 0 || additional is not null)
            {
                _body = new ObjectNode();
                _body.Link(fields.Body, additional, key: null);
            }
        }
        else
        {
            _wholeBody = root;
        }

        ReadsBody = _body is not null || _wholeBody is not null;
        Reviver = Plans.Reviver.SourceFor(root);
    }

    /// <summary>Whether the handler takes parameters; without, <see cref="Decode"/> writes nothing.</summary>
    public bool HasParameters { get; }

    /// <summary>Whether decoding needs the body.</summary>
    public bool ReadsBody { get; }

    /// <summary>
    /// JavaScript: an expression whose value is a function from the parsed normal form to the handler's argument, <c>(v) => …</c> or, where the
    /// schema has decimals, <c>(v, Decimal) => …</c>; null where there is nothing to revive.
    /// </summary>
    public string? Reviver { get; }

    /// <summary>Compiles the plan of an endpoint for a method.</summary>
    /// <param name="app">The application that the endpoint belongs to.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">The request's method, upper case: it says whether fields travel in the body or in the query.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static RequestPlan Compile(Application app, EndpointSchema endpoint, string method)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(endpoint);
        return new RequestPlan(new PlanCompiler(app), endpoint, method);
    }

    /// <summary>Decodes a request.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="output">Gets the handler's argument as one JSON value appended; as it was after a failure.</param>
    /// <returns>Null when the request is valid.</returns>
    public DecodeFailure? Decode(in RequestParts parts, PooledBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!HasParameters)
        {
            return null;
        }

        var start = output.Length;
        if (Run(parts, output, report: null))
        {
            return null;
        }

        output.Truncate(start);
        var report = new FailureReport(_isSensitive);
        Run(parts, output, report);
        output.Truncate(start);
        return report.ToFailure();
    }

    private bool Run(in RequestParts parts, PooledBuffer output, FailureReport? report)
    {
        var cursor = new DecodeCursor(ReadsBody ? parts.Body : default, output, report);
        var isDone = _wholeBody is null ? DecodeObject(ref cursor, parts) : DecodeWhole(ref cursor, parts.Body);
        cursor.Finish();
        return isDone;
    }

    private bool DecodeObject(ref DecodeCursor cursor, in RequestParts parts)
    {
        cursor.Write((byte)'{');
        var isDone = (_path is null || _path.Decode(ref cursor, parts))
            && (_query is null || _query.Decode(ref cursor, parts.Query))
            && (_headers is null || _headers.Decode(ref cursor, parts.Headers))
            && (_cookies is null || _cookies.Decode(ref cursor, parts.Headers))
            && (_body is null || DecodeBody(ref cursor, _body, parts.Body));
        cursor.Write((byte)'}');
        return isDone;
    }

    private static bool DecodeBody(ref DecodeCursor cursor, ObjectNode body, ReadOnlySpan<byte> bytes)
    {
        cursor.MoveTo(RequestPlace.Body);
        if (!CheckText(ref cursor, bytes))
        {
            return false;
        }

        cursor.SkipWhitespace();
        if (cursor.Position == bytes.Length)
        {
            // No body at all is what clients send when there is nothing to say.
            return !body.HasRequired || cursor.Fault("EOF while parsing a value");
        }

        var isObject = cursor.At((byte)'{');
        return (isObject ? body.DecodeMembers(ref cursor, cursor.HasMembers) : cursor.Mismatch(body)) && cursor.AtEnd();
    }

    private static bool DecodeWhole(ref DecodeCursor cursor, ValueNode node, ReadOnlySpan<byte> bytes)
    {
        cursor.MoveTo(RequestPlace.Body);
        if (!CheckText(ref cursor, bytes))
        {
            return false;
        }

        cursor.SkipWhitespace();
        return node.Decode(ref cursor) && cursor.AtEnd();
    }

    private static bool CheckText(ref DecodeCursor cursor, ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) || cursor.Fault("invalid unicode code point", FirstInvalid(bytes));

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }

    private bool DecodeWhole(ref DecodeCursor cursor, ReadOnlySpan<byte> bytes) =>
        DecodeWhole(ref cursor, _wholeBody!, bytes); // Justification: only called where there is one.
}
