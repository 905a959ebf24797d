namespace Encore.Host.Routing;

/// <summary>
/// The parts of a request target as the client wrote it (RFC 9112, section 3.2); nothing is decoded or normalised.
/// </summary>
public readonly ref struct RequestTarget
{
    private RequestTarget(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        Path = path;
        Query = query;
    }

    /// <summary>The path, percent-encoded, from its first slash; empty for an absolute target without a path.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>The query, percent-encoded, without its question mark; empty if there is none.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>Takes a target apart: <c>/path?query</c> or <c>http://host/path?query</c>.</summary>
    /// <remarks><c>*</c> and <c>host:port</c> become a path that no route matches.</remarks>
    public static RequestTarget Parse(ReadOnlySpan<char> target)
    {
        if (target.Length > 0 && target[0] != '/')
        {
            target = SkipAuthority(target);
        }

        var mark = target.IndexOf('?');
        return mark < 0 ? new RequestTarget(target, default) : new RequestTarget(target[..mark], target[(mark + 1)..]);
    }

    private static ReadOnlySpan<char> SkipAuthority(ReadOnlySpan<char> target)
    {
        var scheme = target.IndexOf("://");
        if (scheme < 0)
        {
            return target;
        }

        var rest = target[(scheme + 3)..];
        var path = rest.IndexOfAny('/', '?');
        return path < 0 ? default : rest[path..];
    }
}
