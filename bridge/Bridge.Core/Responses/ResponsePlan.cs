using System.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses;

/// <summary>
/// How what a handler answers becomes an HTTP response: declared top-level fields go to the body, or to the head where their type says so.
/// </summary>
/// <remarks>
/// Of a union, the fields are those that any of its objects declares; answers of its other options are sent as they are.
/// Values are copied as <c>JSON.stringify</c> wrote them; below the top level nothing is looked at. An answer that holds what its type
/// declares is copied in one piece. Immutable. Thread: any.
/// </remarks>
public sealed class ResponsePlan
{
    // Answers that have no body by their nature (RFC 9110 section 6.4.1).
    private const int NoContent = 204;
    private const int ResetContent = 205;
    private const int NotModified = 304;
    private const int LongestNameOnStack = 256;

    private readonly bool _hasType;
    private readonly bool _hasObjects;
    private readonly bool _isObject;
    private readonly bool _keepsAll;
    private readonly bool _hasHead;
    private readonly AnswerField[] _fields = [];
    private readonly NameTable _names = new([]);
    private readonly NamePatterns? _patterns;

    private ResponsePlan(Application app, uint? type, bool isMessage)
    {
        _hasType = type is not null;
        if (type is not { } id)
        {
            return;
        }

        var shape = AnswerShape.Of(app, id);
        (_hasObjects, _isObject, _keepsAll) = (shape.HasObjects, shape.IsObject, shape.KeepsAll);
        _fields = [.. shape.Fields.Select(field => new AnswerField(field, isMessage))];
        _names = new NameTable([.. _fields.Select(field => field.Utf8Name)]);
        _hasHead = _fields.Any(field => field.Kind != WireKind.Unspecified);
        _patterns = shape.PatternKeys.Count > 0 ? new NamePatterns(app, shape.PatternKeys) : null;
        Lowerer = Lowering.Lowerer.SourceFor(app, id);
    }

    /// <summary>
    /// JavaScript: an expression whose value is a function <c>(v) => …</c> from what the handler returns to what <c>JSON.stringify</c>
    /// carries, which leaves the value as it is; null where there is nothing to lower.
    /// </summary>
    public string? Lowerer { get; }

    /// <summary>Compiles the plan of an endpoint.</summary>
    /// <param name="app">The application that the endpoint belongs to.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static ResponsePlan Compile(Application app, EndpointSchema endpoint)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(endpoint);
        return new ResponsePlan(app, endpoint.HasResponse ? endpoint.Response : null, isMessage: false);
    }

    /// <summary>Compiles the plan of a message, which has a body alone.</summary>
    /// <param name="app">The application.</param>
    /// <param name="type">The message's type.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static ResponsePlan CompileMessage(Application app, uint type)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new ResponsePlan(app, type, isMessage: true);
    }

    /// <summary>Encodes an answer.</summary>
    /// <param name="answer">What <c>JSON.stringify</c> made of it; empty for undefined.</param>
    /// <param name="body">Gets the body.</param>
    /// <param name="head">Gets the status and headers that the answer's fields set.</param>
    /// <returns>Whether there is a body, or why the answer can't be sent; never throws for what a handler returned.</returns>
    public EncodeResult Encode(ReadOnlySpan<byte> answer, IBufferWriter<byte> body, IResponseHead head)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(head);
        if (!_hasType)
        {
            return EncodeResult.WithoutBody;
        }

        if (_hasObjects && !answer.IsEmpty && answer[0] == (byte)'{')
        {
            return EncodeObject(answer, body, head);
        }

        var isNothing = answer.IsEmpty || answer.SequenceEqual("null"u8);
        if (_isObject && !isNothing)
        {
            return EncodeResult.Failed("The handler's type is an object, and it returned something else.");
        }

        body.Write(!isNothing ? answer : _isObject ? "{}"u8 : "null"u8);
        return EncodeResult.WithBody;
    }

    private EncodeResult EncodeObject(ReadOnlySpan<byte> answer, IBufferWriter<byte> body, IResponseHead head)
    {
        if (Inspect(answer, out var isWhole) is { } error)
        {
            return EncodeResult.Failed(error);
        }

        if (isWhole)
        {
            body.Write(answer);
            return EncodeResult.WithBody;
        }

        if (_hasHead && !WriteHead(answer, head))
        {
            return EncodeResult.WithoutBody;
        }

        WriteParts(answer, body);
        return EncodeResult.WithBody;
    }

    /// <summary>Finds what can't be sent, before anything is.</summary>
    private string? Inspect(ReadOnlySpan<byte> answer, out bool isWhole)
    {
        isWhole = true;
        var reader = new AnswerReader(answer);
        var expected = 0;
        while (reader.Read())
        {
            var field = FieldOf(reader.Name, ref expected);
            isWhole &= IsSent(field, reader.Name);
            if (field is not null && field.Kind != WireKind.Unspecified && !AnswerHead.CanCarry(field, reader.Value))
            {
                return $"The field {field.Name} of the answer can't be sent as {AnswerHead.Describe(field)}.";
            }
        }

        return reader.IsComplete ? null : "The handler's answer is not JSON.";
    }

    private bool WriteHead(ReadOnlySpan<byte> answer, IResponseHead head)
    {
        var mayHaveBody = true;
        var reader = new AnswerReader(answer);
        var expected = 0;
        while (reader.Read())
        {
            var field = FieldOf(reader.Name, ref expected);
            if (field is null || field.Kind == WireKind.Unspecified)
            {
                continue;
            }

            AnswerHead.Write(field, reader.Value, head);
            mayHaveBody &= field.Kind != WireKind.HttpStatus || !HeaderValue.TryReadStatus(reader.Value, out var status)
                || status is not (NoContent or ResetContent or NotModified);
        }

        return mayHaveBody;
    }

    /// <summary>Whether a member goes into the body.</summary>
    private bool IsSent(AnswerField? field, ReadOnlySpan<byte> name) =>
        field is null ? _keepsAll || (_patterns is not null && _patterns.Match(name)) : field.Kind == WireKind.Unspecified;

    /// <summary>Copies what stays, in runs as long as possible.</summary>
    private void WriteParts(ReadOnlySpan<byte> answer, IBufferWriter<byte> body)
    {
        body.Write("{"u8);
        var reader = new AnswerReader(answer);
        var (expected, runStart, runEnd, hasRun) = (0, -1, 0, false);
        while (reader.Read())
        {
            var field = FieldOf(reader.Name, ref expected);
            if (IsSent(field, reader.Name))
            {
                runStart = runStart < 0 ? reader.Start : runStart;
                runEnd = reader.End;
            }
            else if (runStart >= 0)
            {
                WriteRun(answer[runStart..runEnd], body, ref hasRun);
                runStart = -1;
            }
        }

        if (runStart >= 0)
        {
            WriteRun(answer[runStart..runEnd], body, ref hasRun);
        }

        body.Write("}"u8);
    }

    private static void WriteRun(ReadOnlySpan<byte> run, IBufferWriter<byte> body, ref bool hasRun)
    {
        if (hasRun)
        {
            body.Write(","u8);
        }

        hasRun = true;
        body.Write(run);
    }

    // Handlers mostly build their answers in the order of the type: guess that the next field follows.
    private AnswerField? FieldOf(ReadOnlySpan<byte> name, ref int expected)
    {
        if ((uint)expected < (uint)_fields.Length && name.SequenceEqual(_fields[expected].Utf8Name))
        {
            return _fields[expected++];
        }

        var index = name.Contains((byte)'\\') ? FindEscaped(name) : _names.Find(name);
        if (index < 0)
        {
            return null;
        }

        expected = index + 1;
        return _fields[index];
    }

    private int FindEscaped(ReadOnlySpan<byte> name)
    {
        var text = name.Length <= LongestNameOnStack ? stackalloc byte[LongestNameOnStack] : new byte[name.Length];
        return _names.Find(text[..JsonEscapes.Unescape(name, text)]);
    }
}
