using Bridge.Core.Schema;

namespace Encore.Host.Routing;

/// <summary>Paths as applications declare them.</summary>
internal static class RoutePath
{
    /// <summary>Writes a path: <c>/blog/:id</c>.</summary>
    public static string Describe(IReadOnlyCollection<PathSegment> path) =>
        path.Count == 0 ? "/" : string.Concat(path.Select(segment => "/" + MarkOf(segment.Kind) + segment.Value));

    private static string MarkOf(PathSegmentKind kind) => kind switch
    {
        PathSegmentKind.Parameter => ":",
        PathSegmentKind.Wildcard => "*",
        PathSegmentKind.Fallback => "!",
        _ => "",
    };
}
