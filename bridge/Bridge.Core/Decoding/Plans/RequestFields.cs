using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Places;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>Says for each field of a request where it travels (contract, "A request's way").</summary>
internal sealed class RequestFields
{
    private readonly List<(PlaceField Field, int Segment)> _path = [];
    private readonly List<PlaceField> _query = [];
    private readonly List<PlaceField> _headers = [];
    private readonly List<PlaceField> _cookies = [];
    private readonly List<ObjectField> _body = [];

    /// <summary>Sorts the fields of a request type.</summary>
    /// <param name="endpoint">The endpoint, for the names in its path.</param>
    /// <param name="shape">The request type.</param>
    /// <param name="fields">The compiled fields, in the order of the shape's.</param>
    /// <param name="isBodyDefault">Whether fields that say nothing travel in the body, else in the query.</param>
    public RequestFields(EndpointSchema endpoint, ObjectShape shape, IReadOnlyList<ObjectField> fields, bool isBodyDefault)
    {
        var segments = endpoint.Path.Where(segment => segment.Kind != PathSegmentKind.Literal).Select(segment => segment.Value).ToList();
        for (var i = 0; i < fields.Count; i++)
        {
            Place(shape.Fields[i].Wire, fields[i], segments.IndexOf(fields[i].Name), isBodyDefault);
        }
    }

    /// <summary>The fields in the path; null where there are none.</summary>
    public PathPlace? Path => _path.Count > 0 ? new PathPlace([.. _path]) : null;

    /// <summary>The fields in the query; null where there are none.</summary>
    public QueryPlace? Query => _query.Count > 0 ? new QueryPlace([.. _query]) : null;

    /// <summary>The fields in headers; null where there are none.</summary>
    public HeaderPlace? Headers => _headers.Count > 0 ? new HeaderPlace([.. _headers]) : null;

    /// <summary>The fields in cookies; null where there are none.</summary>
    public CookiePlace? Cookies => _cookies.Count > 0 ? new CookiePlace([.. _cookies]) : null;

    /// <summary>The fields in the body.</summary>
    public IReadOnlyList<ObjectField> Body => _body;

    private void Place(Wire? wire, ObjectField field, int segment, bool isBodyDefault)
    {
        var wireName = wire is { Name.Length: > 0 } ? wire.Name : field.Name;
        switch (wire?.Kind)
        {
            case WireKind.Header:
                _headers.Add(new PlaceField(field, wireName.ToLowerInvariant()));
                break;
            case WireKind.Cookie:
                _cookies.Add(new PlaceField(field, wireName));
                break;
            case WireKind.Query:
                _query.Add(new PlaceField(field, wireName));
                break;
            default:
                PlaceByMethod(field, segment, isBodyDefault);
                break;
        }
    }

    private void PlaceByMethod(ObjectField field, int segment, bool isBodyDefault)
    {
        if (segment >= 0)
        {
            _path.Add((new PlaceField(field, field.Name), segment));
        }
        else if (isBodyDefault)
        {
            _body.Add(field);
        }
        else
        {
            _query.Add(new PlaceField(field, field.Name));
        }
    }
}
