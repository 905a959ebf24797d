using System.Text;

namespace Encore.Host.Routing;

/// <summary>
/// Finds the route of a request: an immutable tree of path segments, searched without allocating.
/// </summary>
/// <remarks>
/// At each segment a literal wins over a parameter and a parameter over a wildcard; where the winner leads to no route for the method, the
/// next is tried. The table of fallbacks is asked when the table of routes has no answer. Paths are split as the client wrote them, so an
/// encoded slash is part of a segment; literals are compared decoded. A slash at the end is ignored unless a route is declared with it.
/// Thread: any.
/// </remarks>
public sealed class RouteTable
{
    // Literals are short; an encoded segment above this can't be one.
    private const int LongestEncodedLiteral = 1024;

    private readonly RouteNode _routes;
    private readonly RouteNode _fallbacks;

    internal RouteTable(RouteNode routes, RouteNode fallbacks, int maxValues)
    {
        _routes = routes;
        _fallbacks = fallbacks;
        MaxValues = maxValues;
    }

    /// <summary>The most path values that a route has.</summary>
    public int MaxValues { get; }

    /// <summary>Finds a route.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The raw path, from its first slash; empty means the root.</param>
    /// <param name="values">Receives where in <paramref name="path"/> the values are; at least <see cref="MaxValues"/> long.</param>
    public RouteMatch Match(RouteMethod method, ReadOnlySpan<char> path, Span<Range> values)
    {
        if (path.Length > 0 && path[0] != '/')
        {
            return new RouteMatch(-1, 0, 0);
        }

        var search = new Search(method, path, values);
        if (search.Visit(_routes, 0, 0) || search.Visit(_fallbacks, 0, 0))
        {
            return new RouteMatch(search.Route, search.ValueCount, 0);
        }

        return new RouteMatch(-1, 0, search.Allowed);
    }

    /// <summary>One search through the tree; each node is visited at most once, so the tree's size bounds the work.</summary>
    private ref struct Search(RouteMethod method, ReadOnlySpan<char> path, Span<Range> values)
    {
        private readonly ReadOnlySpan<char> _path = path;
        private readonly Span<Range> _values = values;

        public int Route { get; private set; } = -1;

        public int ValueCount { get; private set; }

        public int Allowed { get; private set; }

        /// <summary>Tries everything below a node.</summary>
        /// <param name="node">Where the segments so far lead.</param>
        /// <param name="position">The slash before the next segment, or the path's end.</param>
        /// <param name="count">Values found so far.</param>
        public bool Visit(RouteNode node, int position, int count)
        {
            if (position >= _path.Length)
            {
                return Take(node.Leaf, count) || TakeRest(node, position, count);
            }

            var start = position + 1;
            var length = _path[start..].IndexOf('/');
            var end = length < 0 ? _path.Length : start + length;
            var segment = _path[start..end];

            if (FindLiteral(node, segment) is { } literal && Visit(literal, end, count))
            {
                return true;
            }

            if (segment.Length > 0 && node.Parameter is { } parameter)
            {
                _values[count] = start..end;
                if (Visit(parameter, end, count + 1))
                {
                    return true;
                }
            }

            var isTrailingSlash = segment.Length == 0 && end == _path.Length;
            return (isTrailingSlash && Take(node.Leaf, count)) || TakeRest(node, start, count);
        }

        private bool TakeRest(RouteNode node, int start, int count)
        {
            if (node.Wildcard is not { } wildcard)
            {
                return false;
            }

            _values[count] = start.._path.Length;
            return Take(wildcard, count + 1);
        }

        private bool Take(RouteLeaf? leaf, int count)
        {
            if (leaf is null)
            {
                return false;
            }

            Route = leaf.Serving(method);
            ValueCount = count;
            Allowed |= leaf.Listed;
            return Route >= 0;
        }

        private static RouteNode? FindLiteral(RouteNode node, ReadOnlySpan<char> segment)
        {
            if (!segment.Contains('%'))
            {
                return node.FindLiteral(segment);
            }

            Span<char> decoded = stackalloc char[Math.Min(segment.Length, LongestEncodedLiteral)];
            return segment.Length <= LongestEncodedLiteral && TryDecode(segment, decoded, out var length)
                ? node.FindLiteral(decoded[..length])
                : null;
        }
    }

    // A segment with a broken escape or invalid UTF-8 equals no literal; whether it is a valid value is the decode plan's to say.
    private static bool TryDecode(ReadOnlySpan<char> segment, Span<char> decoded, out int length)
    {
        Span<byte> bytes = stackalloc byte[segment.Length];
        var written = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            var c = segment[i];
            if (c != '%')
            {
                bytes[written++] = (byte)c;
            }
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes[written++] = byte.Parse(segment.Slice(i + 1, 2), System.Globalization.NumberStyles.HexNumber, provider: null);
                i += 2;
            }
            else
            {
                length = 0;
                return false;
            }
        }

        return System.Text.Unicode.Utf8.ToUtf16(bytes[..written], decoded, out _, out length, replaceInvalidSequences: false)
            == System.Buffers.OperationStatus.Done;
    }
}
