using System.Text;
using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>An endpoint's path as a template.</summary>
/// <param name="Shape">The path with nameless parameters: paths of one shape are one path to OpenAPI.</param>
/// <param name="Parameters">The parameter segments, in order.</param>
internal sealed record EndpointPath(string Shape, IReadOnlyList<PathSegment> Parameters)
{
    private const string Hole = "{}";

    /// <summary>The path of an endpoint.</summary>
    public static EndpointPath Of(EndpointSchema endpoint)
    {
        var shape = new StringBuilder();
        foreach (var segment in endpoint.Path)
        {
            // RFC 3986 section 3.3; braces would be taken for a parameter.
            shape.Append('/').Append(segment.Kind == PathSegmentKind.Literal ? Uri.EscapeDataString(segment.Value) : Hole);
        }

        return new EndpointPath(
            shape.Length == 0 ? "/" : shape.ToString(),
            [.. endpoint.Path.Where(segment => segment.Kind != PathSegmentKind.Literal)]);
    }

    /// <summary>The template with the parameters' names.</summary>
    public string Template(IReadOnlyList<string> names)
    {
        var parts = Shape.Split(Hole);
        return string.Concat(parts.Select((part, index) => index < names.Count ? $"{part}{{{names[index]}}}" : part));
    }

    /// <summary>0 for plain paths, 1 for those with a wildcard, 2 for fallbacks: of two that match, the host takes the lower.</summary>
    public static int Precedence(EndpointSchema endpoint) => endpoint.Path.LastOrDefault()?.Kind switch
    {
        PathSegmentKind.Wildcard => 1,
        PathSegmentKind.Fallback => 2,
        _ => 0,
    };
}
