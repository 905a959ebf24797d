using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses.Checking;

/// <summary>
/// Compares what a handler returned with its declared type, for development: TypeScript's types hold at build only, and what came from a
/// database or another server may be anything.
/// </summary>
/// <remarks>
/// An answer has the wire form of a request, so the plan that reads requests reads it. Each difference is reported once, and no more than
/// <see cref="MaxDifferences"/>; an endpoint that has reported as many isn't checked any more. Thread: any.
/// </remarks>
public sealed class ResponseCheck
{
    /// <summary>Differences reported of one endpoint.</summary>
    public const int MaxDifferences = 50;

    private readonly Application _application;
    private readonly uint _type;
    private readonly ValueNode _root;
    private readonly AnswerShape _shape;
    private readonly HashSet<string> _declared;
    private readonly NamePatterns _patterns;
    private readonly bool _isSensitive;
    private readonly HashSet<(string Place, string Rule)> _reported = [];
    private volatile bool _isFull;

    private ResponseCheck(Application application, EndpointSchema endpoint)
    {
        _application = application;
        _type = endpoint.Response;
        var compiler = new PlanCompiler(application);
        _root = compiler.NodeOf(_type);
        compiler.CompleteDefaults();
        _shape = AnswerShape.Of(application, _type);
        _declared = [.. _shape.Fields.Select(field => field.Name)];
        _patterns = new NamePatterns(application, _shape.PatternKeys);
        _isSensitive = endpoint.Sensitive;
    }

    /// <summary>Compiles the check of an endpoint's answers; null where it declares none.</summary>
    /// <param name="application">The application that the endpoint belongs to.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static ResponseCheck? Compile(Application application, EndpointSchema endpoint)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.HasResponse ? new ResponseCheck(application, endpoint) : null;
    }

    /// <summary>Finds how an answer differs from its type.</summary>
    /// <param name="answer">What <c>JSON.stringify</c> made of it; empty for undefined.</param>
    /// <returns>Differences that weren't reported before; empty when all is well.</returns>
    public IReadOnlyList<ResponseDifference> Check(ReadOnlySpan<byte> answer)
    {
        if (_isFull)
        {
            return [];
        }

        var json = !answer.IsEmpty ? answer : _shape.IsObject ? "{}"u8 : "null"u8;
        List<ResponseDifference>? found = null;
        if (!Decode(json, report: null))
        {
            var report = new FailureReport(_isSensitive);
            Decode(json, report);
            found = [.. report.ToFailure().Violations.Select(Describe)];
        }

        return AddUndeclared(json, ref found) || found is not null ? FirstReports(found ?? []) : [];
    }

    private bool Decode(ReadOnlySpan<byte> json, FailureReport? report)
    {
        using var output = new PooledBuffer();
        var cursor = new DecodeCursor(json, output, report);
        cursor.SkipWhitespace();
        var fits = _root.Decode(ref cursor) && cursor.AtEnd();
        cursor.Finish();
        return fits;
    }

    private bool AddUndeclared(ReadOnlySpan<byte> json, ref List<ResponseDifference>? found)
    {
        if (!_shape.HasObjects || _shape.KeepsAll || json[0] != (byte)'{')
        {
            return false;
        }

        var reader = new AnswerReader(json);
        while (reader.Read())
        {
            var name = JsonSerializer.Deserialize<string>(json[reader.Start..(reader.Start + reader.Name.Length + 2)]) ?? "";
            if (!_declared.Contains(name) && !_patterns.Match(reader.Name))
            {
                var message = $"the type has no field {ValueDescription.Shorten(name)}; it isn't sent";
                var source = SourceOf(DeclaredMember.Find(_application, _type, ""));
                (found ??= []).Add(new ResponseDifference(ReportPath.Escape(name), "undeclared", message, Expected: null, Got: null, source));
            }
        }

        return found is not null;
    }

    private ResponseDifference Describe(Violation violation)
    {
        var member = DeclaredMember.Find(_application, _type, violation.Path);
        var wasNumber = violation.Message.Contains("invalid type: null", StringComparison.Ordinal) && member.Types.Any(IsNumber);
        var message = wasNumber ? $"{violation.Message} (NaN and Infinity become null)" : violation.Message;
        return new ResponseDifference(violation.Path, violation.Rule, message, violation.Expected, violation.Got, SourceOf(member));
    }

    private static bool IsNumber(TypeSchema type) => type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Number;

    private string SourceOf(DeclaredMember member) => member.Position is { } position && position.File < _application.Files.Count
        ? string.Create(CultureInfo.InvariantCulture, $"{_application.Files[(int)position.File]}:{position.Line}:{position.Column}")
        : "";

    private List<ResponseDifference> FirstReports(List<ResponseDifference> found)
    {
        lock (_reported)
        {
            var first = found.Where(difference => _reported.Count < MaxDifferences && _reported.Add((Normalised(difference.Path), difference.Rule))).ToList();
            _isFull = _reported.Count == MaxDifferences;
            return first;
        }
    }

    /// <summary>A path without its array indexes: what is wrong with one element is wrong with the others.</summary>
    private static string Normalised(string pointer)
    {
        var normalised = new StringBuilder();
        foreach (var step in pointer.Split('/').Skip(1))
        {
            normalised.Append('/').Append(step.Length > 0 && step.All(char.IsAsciiDigit) ? "*" : step);
        }

        return normalised.ToString();
    }
}
