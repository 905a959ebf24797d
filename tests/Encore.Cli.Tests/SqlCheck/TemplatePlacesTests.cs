using Bridge.Core.Schema;
using Encore.Cli.Tests.Support;
using Encore.Host.SqlCheck;

namespace Encore.Cli.Tests.SqlCheck;

/// <summary>Places in a statement's text, and where they are written.</summary>
public sealed class TemplatePlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The X of the source is the X of the text: escapes take more room in the one, and lines that go on take none in the other.</summary>
    [Theory]
    [InlineData("q`X`", 1)]
    [InlineData("q`ab X`", 4)]
    [InlineData("q`a\n  X`", 5)]
    [InlineData("q`a\r\n\r\nX`", 4)]
    [InlineData("q`a\u2028X`", 3)]
    [InlineData("q`\\n\\t\\0\\q\\`X`", 6)]
    [InlineData("q`\\x41\\u0042\\u{43}X`", 4)]
    [InlineData("q`\\u{1F600}😀X`", 5)]
    [InlineData("q`a\\\nX`", 2)]
    [InlineData("q`a\\\r\nb\\\u2028X`", 3)]
    [InlineData("q`$ {X`", 4)]
    public void Place_InTheFirstPiece_IsWhereTheLetterStands(string source, int position) => AssertX(source, position, source.IndexOf('`', StringComparison.Ordinal) + 1);

    [Theory]
    [InlineData("q`a${1} X`", 5)]
    [InlineData("q`a${1}${2}\n${3} b X`", 12)]
    [InlineData("q`\\n${`}`} X`", 5)]
    public void Place_AfterWhatIsInserted_IsWhereTheLetterStands(string source, int position)
    {
        // Whatever is inserted here is a single digit, or a template with a brace.
        var starts = new List<int> { source.IndexOf('`', StringComparison.Ordinal) + 1 };
        for (var at = source.IndexOf("${", StringComparison.Ordinal); at >= 0; at = source.IndexOf("${", at + 1, StringComparison.Ordinal))
        {
            starts.Add(source.IndexOf('}', source[at + 2] == '`' ? source.IndexOf('`', at + 3) : at) + 1);
        }

        AssertX(source, position, [.. starts]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Place_OfAParameter_IsThatOfTheExpression(int position)
    {
        var span = Places("q`a${X} b`", 3, 8).Places.OfText(Query(3, 8), position);

        Assert.Equal((1, 6), (span.Line, span.Column));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Place_ThatIsNotInTheText_IsThatOfTheTemplate(int position)
    {
        var span = Places("q`a${X} b`", 3, 8).Places.OfText(Query(3, 8), position);

        Assert.Equal(("a.ts", 1, 1), (span.File, span.Line, span.Column));
    }

    private void AssertX(string source, int position, params int[] starts)
    {
        var (places, query) = Places(source, starts);
        var (line, column) = LineOf(source, source.IndexOf('X', StringComparison.Ordinal));

        var span = places.OfText(query, position);

        Assert.Equal(("a.ts", line, column), (span.File, span.Line, span.Column));
    }

    private (TemplatePlaces Places, SqlQuerySchema Query) Places(string source, params int[] starts)
    {
        _folder.Write("a.ts", source);
        var query = new SqlQuerySchema { Position = new SourcePosition { Line = 1, Column = 1 } };
        foreach (var (start, index) in starts.Select((start, index) => (start, index)))
        {
            var (line, column) = LineOf(source, start);
            query.Parts.Add(new SourcePosition { Line = (uint)line, Column = (uint)column });
            if (index > 0)
            {
                query.Inserted.Add(new SqlInsertedSchema { Position = new SourcePosition { Line = 1, Column = 1 } });
            }
        }

        return (new TemplatePlaces(new Application { Files = { "a.ts" } }, _folder.Root), query);
    }

    private static SqlQuerySchema Query(uint first, uint second) => new()
    {
        Position = new SourcePosition { Line = 1, Column = 1 },
        Parts = { new SourcePosition { Line = 1, Column = first }, new SourcePosition { Line = 1, Column = second } },
        Inserted = { new SqlInsertedSchema { Position = new SourcePosition { Line = 1, Column = 6 } } },
    };

    // As TypeScript counts.
    private static (int Line, int Column) LineOf(string source, int index)
    {
        var before = source[..index].Replace("\r\n", "\n\n", StringComparison.Ordinal);
        var lines = source[..index].Replace("\r\n", "\n", StringComparison.Ordinal).Count(letter => letter is '\n' or '\r' or '\u2028') + 1;
        return (lines, index - before.LastIndexOfAny(['\n', '\r', '\u2028']));
    }
}
