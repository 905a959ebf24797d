namespace Encore.Host.Routing;

/// <summary>One place in the tree of paths: what may follow here, and which routes end here.</summary>
/// <remarks>Built once by <see cref="RouteTableBuilder"/>; read-only, hence free for all threads, from then on.</remarks>
internal sealed class RouteNode
{
    // Up to this many literals are compared one by one, which beats hashing the segment.
    private const int ScannedLiterals = 6;

    private readonly Dictionary<string, RouteNode> _literals = new(StringComparer.Ordinal);
    private KeyValuePair<string, RouteNode>[] _scanned = [];

    /// <summary>What any one segment leads to.</summary>
    public RouteNode? Parameter { get; private set; }

    /// <summary>The routes that end here.</summary>
    public RouteLeaf? Leaf { get; private set; }

    /// <summary>The routes that take all the rest.</summary>
    public RouteLeaf? Wildcard { get; private set; }

    public RouteNode AddLiteral(string text)
    {
        if (!_literals.TryGetValue(text, out var node))
        {
            node = new RouteNode();
            _literals.Add(text, node);
            _scanned = _literals.Count <= ScannedLiterals ? [.. _literals] : [];
        }

        return node;
    }

    public RouteNode AddParameter() => Parameter ??= new RouteNode();

    public RouteLeaf AddLeaf() => Leaf ??= new RouteLeaf();

    public RouteLeaf AddWildcard() => Wildcard ??= new RouteLeaf();

    public RouteNode? FindLiteral(ReadOnlySpan<char> decodedSegment)
    {
        foreach (var (text, node) in _scanned)
        {
            if (decodedSegment.SequenceEqual(text))
            {
                return node;
            }
        }

        if (_literals.Count <= ScannedLiterals)
        {
            return null;
        }

        _literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(decodedSegment, out var found);
        return found;
    }
}

/// <summary>The routes of one path, a slot for each method.</summary>
internal sealed class RouteLeaf
{
    private readonly int[] _routes = [.. Enumerable.Repeat(-1, RouteMethods.Count)];

    /// <summary>The methods with a listed route.</summary>
    public int Listed { get; private set; }

    /// <summary>The method's route, or -1.</summary>
    public int this[RouteMethod method] => method == RouteMethod.Unknown ? -1 : _routes[(int)method];

    /// <summary>The route that answers a method, or -1: HEAD is answered by what answers GET, unless it is declared itself (RFC 9110, section 9.3.2).</summary>
    public int Serving(RouteMethod method) =>
        method == RouteMethod.Head && this[method] < 0 ? this[RouteMethod.Get] : this[method];

    public void Set(RouteMethod method, int route, bool listed)
    {
        _routes[(int)method] = route;
        Listed |= !listed ? 0 : method == RouteMethod.Get ? method.Bit() | RouteMethod.Head.Bit() : method.Bit();
    }
}
