using Bridge.Core.Schema;
using Encore.Host.Routing;

namespace Encore.Host.Tests.Routing;

/// <summary>One table, many requests: what wins, what is a value, what is allowed.</summary>
public sealed class RouteTableTests
{
    private static readonly string[] Declared =
    [
        "GET /",
        "GET /blog",
        "GET /blog/:id",
        "PUT /blog/:id",
        "GET /blog/latest",
        "POST /blog/:id/comments/:comment",
        "GET /slash/",
        "GET /über uns",
        "GET /a/:x/c",
        "GET /a/b/:y",
        "GET /a/*rest",
        "GET /deep/:x/:y/end",
        "GET /deep/one/*rest",
        "POST /files/*path",
        "GET /l1", "GET /l2", "GET /l3", "GET /l4", "GET /l5", "GET /l6", "GET /l7", "GET /l8",
        "-GET /hidden",
        "-DELETE /mixed",
        "GET /mixed",
        "GET /own",
        "HEAD /own",
    ];

    private static readonly RouteTable Table = Build(Declared);
    private static readonly RouteTable TableWithFallback = Build([.. Declared, "GET /!rest", "GET /blog/!rest", "PUT /*wild"]);

    [Theory]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "", "GET /")]
    [InlineData("GET", "/blog", "GET /blog")]
    [InlineData("GET", "/blog/", "GET /blog")]
    [InlineData("GET", "/blog/7", "GET /blog/:id", "7")]
    [InlineData("GET", "/blog/7/", "GET /blog/:id", "7")]
    [InlineData("GET", "/blog/a%2Fb", "GET /blog/:id", "a%2Fb")]
    [InlineData("GET", "/blog/latest", "GET /blog/latest")]
    [InlineData("GET", "/blog/%6Catest", "GET /blog/latest")]
    [InlineData("PUT", "/blog/latest", "PUT /blog/:id", "latest")]
    [InlineData("POST", "/blog/7/comments/9", "POST /blog/:id/comments/:comment", "7", "9")]
    [InlineData("GET", "/slash/", "GET /slash/")]
    [InlineData("GET", "/%C3%BCber%20uns", "GET /über uns")]
    [InlineData("GET", "/a/z/c", "GET /a/:x/c", "z")]
    [InlineData("GET", "/a/b/z", "GET /a/b/:y", "z")]
    [InlineData("GET", "/a/b/c", "GET /a/b/:y", "c")]
    [InlineData("GET", "/a/q/r/s", "GET /a/*rest", "q/r/s")]
    [InlineData("GET", "/a", "GET /a/*rest", "")]
    [InlineData("GET", "/a/", "GET /a/*rest", "")]
    [InlineData("GET", "/a/b/c/", "GET /a/b/:y", "c")]
    [InlineData("GET", "/a/q/", "GET /a/*rest", "q/")]
    [InlineData("GET", "/deep/one/two/end", "GET /deep/one/*rest", "two/end")]
    [InlineData("GET", "/deep/x/y/end", "GET /deep/:x/:y/end", "x", "y")]
    [InlineData("POST", "/files/a/b%20c", "POST /files/*path", "a/b%20c")]
    [InlineData("GET", "/l8", "GET /l8")]
    [InlineData("GET", "/l%38", "GET /l8")]
    [InlineData("HEAD", "/blog/7", "GET /blog/:id", "7")]
    [InlineData("HEAD", "/own", "HEAD /own")]
    [InlineData("GET", "/own", "GET /own")]
    public void Match_DeclaredPath_FindsRouteAndValues(string method, string path, string route, params string[] values)
    {
        var (found, foundValues) = Find(Table, Declared, method, path);

        Assert.Equal(route, found);
        Assert.Equal(values, foundValues);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/blog/7/comments")]
    [InlineData("/blog//")]
    [InlineData("//blog")]
    [InlineData("/slash")]
    [InlineData("/Blog")]
    [InlineData("/blog/../blog")]
    [InlineData("/l%3")]
    [InlineData("/l%GG")]
    [InlineData("/%ff")]
    [InlineData("/l9")]
    [InlineData("*")]
    [InlineData("example.org:443")]
    public void Match_UnknownPath_AllowsNothing(string path)
    {
        var match = Table.Match(RouteMethod.Get, path, new Range[Table.MaxValues]);

        Assert.False(match.IsFound);
        Assert.Equal(0, match.Allowed);
    }

    [Theory]
    [InlineData("PATCH", "/blog/latest", "GET, HEAD, PUT")]
    [InlineData("POST", "/blog", "GET, HEAD")]
    [InlineData("GET", "/files/x", "POST")]
    [InlineData("PROPFIND", "/blog/1", "GET, HEAD, PUT")]
    [InlineData("get", "/blog", "GET, HEAD")]
    [InlineData("POST", "/hidden", "")]
    [InlineData("POST", "/mixed", "GET, HEAD")]
    public void Match_OtherMethod_TellsTheListedOnes(string method, string path, string allowed)
    {
        var match = Table.Match(RouteMethods.Parse(method), path, new Range[Table.MaxValues]);

        Assert.False(match.IsFound);
        Assert.Equal(allowed, RouteMethods.Describe(match.Allowed));
    }

    [Theory]
    [InlineData("GET", "/blog/7", "GET /blog/:id", "7")]
    [InlineData("GET", "/nowhere/at/all", "GET /!rest", "nowhere/at/all")]
    [InlineData("GET", "/blog/7/x", "GET /blog/!rest", "7/x")]
    [InlineData("GET", "/l9", "GET /!rest", "l9")]
    [InlineData("PUT", "/nowhere", "PUT /*wild", "nowhere")]
    [InlineData("GET", "/files/x", "GET /!rest", "files/x")]
    public void Match_WithFallbacks_PrefersRoutes(string method, string path, string route, params string[] values)
    {
        var (found, foundValues) = Find(TableWithFallback, [.. Declared, "GET /!rest", "GET /blog/!rest", "PUT /*wild"], method, path);

        Assert.Equal(route, found);
        Assert.Equal(values, foundValues);
    }

    [Fact]
    public void Match_LongEncodedSegment_IsAValueAndNoLiteral()
    {
        var segment = string.Concat(Enumerable.Repeat("%41", 5000));

        var (found, values) = Find(Table, Declared, "GET", "/blog/" + segment);

        Assert.Equal("GET /blog/:id", found);
        Assert.Equal([segment], values);
    }

    [Fact]
    public void Match_Anything_AllocatesNothing()
    {
        var values = new Range[Table.MaxValues];
        Table.Match(RouteMethod.Post, "/blog/%37/comments/9", values);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            Table.Match(RouteMethod.Post, "/blog/%37/comments/9", values);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Add_SameMethodAndShape_NamesTheOther()
    {
        var builder = new RouteTableBuilder();
        builder.Add(RouteMethod.Get, PathOf("/a/:x"), 0, listed: true);

        Assert.Equal(0, builder.Add(RouteMethod.Get, PathOf("/a/:y"), 1, listed: true));
        Assert.Equal(-1, builder.Add(RouteMethod.Post, PathOf("/a/:y"), 1, listed: true));
        Assert.Equal(-1, builder.Add(RouteMethod.Get, PathOf("/a/!y"), 2, listed: true));
    }

    private static (string? Route, string[] Values) Find(RouteTable table, string[] declared, string method, string path)
    {
        var values = new Range[table.MaxValues];
        var match = table.Match(RouteMethods.Parse(method), path, values);
        return match.IsFound
            ? (declared[match.Route], [.. values[..match.ValueCount].Select(value => path[value])])
            : (null, []);
    }

    private static RouteTable Build(string[] declared)
    {
        var builder = new RouteTableBuilder();
        for (var i = 0; i < declared.Length; i++)
        {
            var space = declared[i].IndexOf(' ', StringComparison.Ordinal);
            var method = RouteMethods.Parse(declared[i][..space].TrimStart('-'));
            Assert.Equal(-1, builder.Add(method, PathOf(declared[i][(space + 1)..]), i, listed: declared[i][0] != '-'));
        }

        return builder.Build();
    }

    private static PathSegment[] PathOf(string path) =>
        path == "/" ? [] : [.. path[1..].Split('/').Select(SegmentOf)];

    private static PathSegment SegmentOf(string text) => text switch
    {
        [':', .. var name] => new PathSegment { Kind = PathSegmentKind.Parameter, Value = name },
        ['*', .. var name] => new PathSegment { Kind = PathSegmentKind.Wildcard, Value = name },
        ['!', .. var name] => new PathSegment { Kind = PathSegmentKind.Fallback, Value = name },
        _ => new PathSegment { Kind = PathSegmentKind.Literal, Value = text },
    };
}
