using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding;

/// <summary>
/// How requests to one endpoint by one method become the one JSON value that its handler is called with: path, query, headers, cookies and
/// body checked against the schema, merged by field name, everything undeclared gone, defaults filled in.
/// </summary>
/// <remarks>
/// Dates cross as milliseconds since 1970, bigints and decimals as strings of digits, bytes as base64 (<see cref="Reviver"/> makes them
/// objects again). A valid request allocates nothing; a bad one is decoded a second time to find out all that is wrong with it.
/// Immutable. Thread: any.
/// </remarks>
public sealed class RequestPlan
{
    private readonly ObjectRequest? _object;
    private readonly UnionRequest? _union;
    private readonly ValueNode? _whole;
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
        var isBodyDefault = method is "POST" or "PUT" or "PATCH";
        if (type.ShapeCase == TypeSchema.ShapeOneofCase.Object)
        {
            _object = new ObjectRequest(endpoint, type.Object, root, isBodyDefault);
        }
        else
        {
            _union = root is UnionNode union ? UnionRequest.TryCompile(compiler, endpoint, type, union, isBodyDefault) : null;
            _whole = root;
        }

        ReadsBody = _object?.ReadsBody ?? _union?.ReadsBody ?? true;
        Reviver = Plans.Reviver.SourceFor(root);
        compiler.CompleteDefaults();
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

    /// <summary>Compiles the plan of an auth handler's parameters.</summary>
    /// <param name="app">The application.</param>
    /// <param name="handler">The auth handler.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static RequestPlan Compile(Application app, AuthHandlerSchema handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var parameters = new EndpointSchema { Name = handler.Name, Sensitive = true };
        if (handler.HasParams)
        {
            parameters.Request = handler.Params;
        }

        return Compile(app, parameters, "GET");
    }

    /// <summary>Whether a request brings a query parameter, header or cookie of the plan's.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="scratch">Space to work in; as it was afterwards.</param>
    public bool HasAny(in RequestParts parts, PooledBuffer scratch)
    {
        if (_object is null)
        {
            return false;
        }

        var cursor = new DecodeCursor(default, scratch, report: null);
        var isThere = _object.HasAny(ref cursor, parts);
        cursor.Finish();
        return isThere;
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
        var isDone = _object is not null ? _object.Decode(ref cursor, parts)
            : _union is not null ? _union.Decode(ref cursor, parts)
            : ObjectRequest.OpenBody(ref cursor, parts.Body) && _whole!.Decode(ref cursor) && cursor.AtEnd(); // Justification: one of the three is there.
        cursor.Finish();
        return isDone;
    }
}
