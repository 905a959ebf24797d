using Bridge.Core.Calls;
using Bridge.Core.Schema;
using Bridge.Core.Tests;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

/// <summary>Which patterns the script decides by itself: those that no text makes a backtracking matcher slow on.</summary>
public sealed class PatternChoiceTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("_id$", true)]
    [InlineData("^[a-z]+-\\d{2,3}$", true)]
    [InlineData("^(?:foo|bar)-\\w+$", true)]
    [InlineData("^(?:[a-z]+,)*[A-Z]?$", true)]
    [InlineData("^\\p{Lu}*x$", true)]
    [InlineData("a*b", false)]
    [InlineData("^(a+)+$", false)]
    [InlineData("^a*a*$", false)]
    [InlineData("^(?:a|ab)c$", false)]
    [InlineData("^(?:a?)*$", false)]
    [InlineData("^[a-z]*[m-p]$", false)]
    [InlineData("^(?=a)a$", false)]
    [InlineData("^(a)\\1$", false)]
    [InlineData("\\bword\\b", false)]
    public void Compile_Pattern_RunsInTheScriptOnlyWhereItIsLinear(string pattern, bool isInScript)
    {
        var schema = new SchemaBuilder();
        var checks = new ValueChecks(schema.Application);
        var source = checks.Compile(schema.Endpoint(schema.Object(Field("v", schema.Ruled(schema.Text, new Rule { Matches = pattern }))))).Request;
        Assert.Equal(isInScript, source!.Contains("new RegExp(", StringComparison.Ordinal)); // Justification: the endpoint takes a request.
        Assert.Equal(!isInScript, source.Contains("check(0,", StringComparison.Ordinal));
    }
}
