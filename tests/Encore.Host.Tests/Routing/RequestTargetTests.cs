using Encore.Host.Routing;

namespace Encore.Host.Tests.Routing;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/a/b", "/a/b", "")]
    [InlineData("/a?x=1&y=?", "/a", "x=1&y=?")]
    [InlineData("/?", "/", "")]
    [InlineData("http://example.org/a?x=1", "/a", "x=1")]
    [InlineData("http://example.org", "", "")]
    [InlineData("http://example.org?x=1", "", "x=1")]
    [InlineData("https://[::1]:4000/a", "/a", "")]
    [InlineData("/http://example.org/a", "/http://example.org/a", "")]
    [InlineData("*", "*", "")]
    [InlineData("example.org:443", "example.org:443", "")]
    [InlineData("", "", "")]
    public void Parse_Target_SplitsPathAndQuery(string target, string path, string query)
    {
        var parsed = RequestTarget.Parse(target);

        Assert.Equal(path, parsed.Path.ToString());
        Assert.Equal(query, parsed.Query.ToString());
    }
}
