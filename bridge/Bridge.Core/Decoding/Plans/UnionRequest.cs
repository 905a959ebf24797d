using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>
/// A request whose type is a union of objects with fields outside the body: each option is put together from all places as if it were the
/// only one, and the first that fits is taken; where a tag in the body tells them apart, the one that it names.
/// </summary>
internal sealed class UnionRequest
{
    private readonly UnionNode _union;
    private readonly (ObjectRequest Request, int Option)[] _options;
    private readonly UnionTags? _tags;

    private UnionRequest(UnionNode union, (ObjectRequest Request, int Option)[] options)
    {
        (_union, _options) = (union, options);
        var isTagInBody = union.Tags is { } tags && Array.TrueForAll(options, option => option.Request.HasInBody(tags.Name));
        _tags = isTagInBody ? union.Tags : null;
    }

    /// <summary>Whether decoding needs the body.</summary>
    public bool ReadsBody => Array.Exists(_options, option => option.Request.ReadsBody);

    /// <summary>Compiles the request; null where all of it travels in the body, as any other type does.</summary>
    /// <exception cref="SchemaException">An option that is no object would have to be put together from several places.</exception>
    public static UnionRequest? TryCompile(PlanCompiler compiler, EndpointSchema endpoint, TypeSchema type, UnionNode union, bool isBodyDefault)
    {
        var types = UnionOptions.Of(type, compiler.TypeOf).All;
        var options = types.Select((option, index) => (option.Type, Index: index)).Where(option => option.Type.ShapeCase == TypeSchema.ShapeOneofCase.Object)
            .Select(option => (Request: new ObjectRequest(endpoint, option.Type.Object, union.Options[option.Index], isBodyDefault), option.Index))
            .ToArray();
        if (Array.TrueForAll(options, option => option.Request.IsBodyAlone))
        {
            return null;
        }

        var other = types.FirstOrDefault(option => option.Type.ShapeCase != TypeSchema.ShapeOneofCase.Object && !IsNull(option.Type));
        return other is null
            ? new UnionRequest(union, options)
            : throw new SchemaException(
                $"The request of {endpoint.Name} is a union of objects with fields in path, query, headers or cookies and of something else ({other.Type.ShapeCase}), which can only come as a body.");
    }

    /// <summary>Decodes the request.</summary>
    public bool Decode(ref DecodeCursor cursor, in RequestParts parts)
    {
        if (_tags is not null && TryFindTag(ref cursor, parts.Body, out var tagged))
        {
            var index = Array.FindIndex(_options, option => option.Option == tagged);
            return index < 0 ? ObjectRequest.OpenBody(ref cursor, parts.Body) && _tags.Reject(ref cursor) : DecodeBranch(ref cursor, parts, index);
        }

        var mark = cursor.Mark();
        for (var i = 0; i < _options.Length; i++)
        {
            if (DecodeOption(ref cursor, parts, i))
            {
                cursor.EndTrial(mark);
                return true;
            }

            cursor.Rewind(mark); // few options, each over the same input: linear without a budget
        }

        cursor.EndTrial(mark);
        return mark.Report is not null && Explain(ref cursor, parts, mark.Report);
    }

    private static bool IsNull(TypeSchema type) => type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Null;

    private static bool TryFindTag(ref DecodeCursor cursor, UnionTags tags, out int option)
    {
        option = -1;
        return cursor.At((byte)'{') && tags.TryFind(ref cursor, out option);
    }

    // A body that isn't an object has no tag; the options say what is wrong with it.
    private bool TryFindTag(ref DecodeCursor cursor, ReadOnlySpan<byte> body, out int option)
    {
        option = -1;
        if (!System.Text.Unicode.Utf8.IsValid(body))
        {
            return false;
        }

        var mark = cursor.Mark();
        cursor.SkipWhitespace();
        var isFound = TryFindTag(ref cursor, _tags!, out option); // Justification: only called where there are tags.
        cursor.Rewind(mark);
        cursor.EndTrial(mark);
        return isFound;
    }

    private bool DecodeBranch(ref DecodeCursor cursor, in RequestParts parts, int index)
    {
        var report = cursor.Report;
        if (report is not null)
        {
            report.Branch = _union.Names[_options[index].Option];
        }

        return DecodeOption(ref cursor, parts, index);
    }

    private bool DecodeOption(ref DecodeCursor cursor, in RequestParts parts, int index)
    {
        var (request, option) = _options[index];
        _union.OpenTag(ref cursor, option);
        if (!request.Decode(ref cursor, parts))
        {
            return false;
        }

        _union.CloseTag(ref cursor);
        return true;
    }

    private bool Explain(ref DecodeCursor cursor, in RequestParts parts, FailureReport report)
    {
        var mark = cursor.Mark();
        var probes = new List<(string Name, FailureReport Probe)>();
        for (var i = 0; i < _options.Length; i++)
        {
            var probe = report.Probe();
            cursor.Report = probe;
            DecodeOption(ref cursor, parts, i);
            probe.EndProbe();
            probes.Add((_union.Names[_options[i].Option], probe));
            cursor.Rewind(mark);
        }

        cursor.EndTrial(mark);
        return report.AdoptClosest(probes);
    }
}
