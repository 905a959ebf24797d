using Bridge.Core.Schema;

namespace Encore.Host.Routing;

/// <summary>Gathers routes and makes the table of them.</summary>
public sealed class RouteTableBuilder
{
    private readonly RouteNode _routes = new();
    private readonly RouteNode _fallbacks = new();
    private int _maxValues;

    /// <summary>Adds a route.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="route">The number that a match reports.</param>
    /// <param name="listed">Whether the Allow header may name its method.</param>
    /// <returns>-1, or the route that has this method and path already; then nothing was added.</returns>
    public int Add(RouteMethod method, IReadOnlyList<PathSegment> path, int route, bool listed)
    {
        var isFallback = path.Count > 0 && path[^1].Kind == PathSegmentKind.Fallback;
        var leaf = FindLeaf(isFallback ? _fallbacks : _routes, path);
        if (leaf[method] is >= 0 and var other)
        {
            return other;
        }

        leaf.Set(method, route, listed);
        _maxValues = Math.Max(_maxValues, path.Count(segment => segment.Kind != PathSegmentKind.Literal));
        return -1;
    }

    /// <summary>Makes the table; the builder isn't used after that.</summary>
    public RouteTable Build() => new(_routes, _fallbacks, _maxValues);

    private static RouteLeaf FindLeaf(RouteNode node, IReadOnlyList<PathSegment> path)
    {
        var isRoot = path is [{ Kind: PathSegmentKind.Literal, Value: "" }];
        foreach (var segment in isRoot ? [] : path)
        {
            switch (segment.Kind)
            {
                case PathSegmentKind.Literal:
                    node = node.AddLiteral(segment.Value);
                    break;
                case PathSegmentKind.Parameter:
                    node = node.AddParameter();
                    break;
                case PathSegmentKind.Wildcard or PathSegmentKind.Fallback:
                    return node.AddWildcard();
                default:
                    throw new ArgumentException($"A path segment of kind {segment.Kind} can't be routed.", nameof(path));
            }
        }

        return node.AddLeaf();
    }
}
