using System.Globalization;
using System.Text;
using Bridge.Core.SourceMaps;

namespace Encore.Cli.Tests.SourceMaps;

public sealed class SourceMapReaderTests
{
    [Theory]
    [InlineData(1, 1, "a.ts:1:1")] // AAAA
    [InlineData(1, 5, "a.ts:1:1")] // between two segments: the one before
    [InlineData(1, 9, "a.ts:1:5")] // QAAI
    [InlineData(3, 3, "b.ts:4:1")] // line 2 is empty; EAGJ → 2,+1,+3,-4
    public void Map_Position_AnswersTheNearestSegmentBefore(int line, int column, string expected) =>
        Assert.Equal(expected, Reader("""{"version":3,"sources":["a.ts","b.ts"],"names":[],"mappings":"AAAA,QAAI;;ECGJ"}""").Map(line, column));

    [Theory]
    [InlineData(2, 1)] // an empty line
    [InlineData(3, 1)] // before the first segment
    [InlineData(4, 1)] // after the last line
    [InlineData(0, 1)]
    [InlineData(-1, -1)]
    public void Map_PositionWithoutSegment_IsNull(int line, int column) =>
        Assert.Null(Reader("""{"version":3,"sources":["a.ts","b.ts"],"mappings":"AAAA,QAAI;;ECGJ"}""").Map(line, column));

    [Fact]
    public void Map_SegmentWithoutSource_IsNull() =>
        Assert.Null(Reader("""{"version":3,"sources":["a.ts"],"mappings":"AAAA,E"}""").Map(1, 3));

    [Fact]
    public void Map_SourceRoot_IsPutInFront() =>
        Assert.Equal("src/a.ts:1:1", Reader("""{"version":3,"sourceRoot":"src/","sources":["a.ts"],"mappings":"AAAA"}""").Map(1, 1));

    [Fact]
    public void Map_NamesAndContents_AreSkipped() =>
        Assert.Equal(
            "a.ts:1:2",
            Reader("""{"version":3,"sourcesContent":["x{\"[]"],"x":{"y":[1]},"names":["n"],"sources":["a.ts"],"mappings":"AAAAA,CAACA"}""").Map(1, 2));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"version":3,"sources":["a.ts"],"mappings":"A!AA"}""")]
    [InlineData("""{"version":3,"sources":["a.ts"],"mappings":"AAA"}""")]
    [InlineData("""{"version":3,"sources":["a.ts"],"mappings":"gggggggggggggggg"}""")]
    [InlineData("""{"version":3,"sources":7,"mappings":"AAAA"}""")]
    [InlineData("""{"version":3,"sources":["a.ts"],"mappings":7}""")]
    [InlineData("""{"version":3,"sources":["a.ts"],"mappings":"AAAA" """)]
    public void Map_MalformedMap_IsNull(string json) => Assert.Null(Reader(json).Map(1, 1));

    [Fact]
    public void Map_SourceIndexOutOfRange_IsNull() =>
        Assert.Null(Reader("""{"version":3,"sources":["a.ts"],"mappings":"ACAA"}""").Map(1, 1));

    [Fact]
    public void Map_MissingFile_IsNull() => Assert.Null(SourceMapReader.FromFile("/no/such/app.js.map").Map(1, 1));

    [Fact]
    public void Constructor_UntilAsked_ReadsNothing()
    {
        var reads = 0;
        var reader = new SourceMapReader(() =>
        {
            reads++;
            return Encoding.UTF8.GetBytes("""{"version":3,"sources":["a.ts"],"mappings":"AAAA"}""");
        });

        Assert.Equal(0, reads);
        reader.Map(1, 1);
        reader.Map(1, 1);
        Assert.Equal(1, reads);
    }

    [Fact]
    public void Map_SegmentsOutOfOrder_FindsThem() =>
        Assert.Equal("a.ts:1:1", Reader("""{"version":3,"sources":["a.ts"],"mappings":"IAAI,JAAJ"}""").Map(1, 2));

    /// <summary>Whatever the numbers, reading gives back what was written.</summary>
    [Fact]
    public void Map_RandomMaps_RoundTrip()
    {
        var random = new Random(4711);
        for (var round = 0; round < 50; round++)
        {
            var segments = RandomSegments(random);
            var reader = Reader($$"""{"version":3,"sources":["s0","s1","s2"],"mappings":"{{Encode(segments)}}"}""");
            foreach (var (line, column, source, sourceLine, sourceColumn) in segments)
            {
                var expected = string.Create(CultureInfo.InvariantCulture, $"s{source}:{sourceLine + 1}:{sourceColumn + 1}");
                Assert.Equal(expected, reader.Map(line + 1, column + 1));
            }
        }
    }

    private static SourceMapReader Reader(string json) => new(() => Encoding.UTF8.GetBytes(json));

    private static List<(int Line, int Column, int Source, int SourceLine, int SourceColumn)> RandomSegments(Random random)
    {
        var segments = new List<(int, int, int, int, int)>();
        var (line, column) = (0, 0);
        for (var index = 0; index < 200; index++)
        {
            if (random.Next(4) == 0)
            {
                line += random.Next(1, 4);
                column = 0;
            }

            column += random.Next(1, 100_000);
            segments.Add((line, column, random.Next(3), random.Next(1_000_000), random.Next(10_000)));
        }

        return segments;
    }

    private static string Encode(List<(int Line, int Column, int Source, int SourceLine, int SourceColumn)> segments)
    {
        var text = new StringBuilder();
        var (line, column, source, sourceLine, sourceColumn) = (0, 0, 0, 0, 0);
        foreach (var segment in segments)
        {
            if (segment.Line > line)
            {
                text.Append(';', segment.Line - line);
                column = 0;
            }
            else if (text.Length > 0)
            {
                text.Append(',');
            }

            AppendVlq(text, segment.Column - column);
            AppendVlq(text, segment.Source - source);
            AppendVlq(text, segment.SourceLine - sourceLine);
            AppendVlq(text, segment.SourceColumn - sourceColumn);
            (line, column, source, sourceLine, sourceColumn) = segment;
        }

        return text.ToString();
    }

    private static void AppendVlq(StringBuilder text, int value)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var rest = value < 0 ? (-value << 1) | 1 : value << 1;
        do
        {
            var digit = rest & 31;
            rest >>= 5;
            text.Append(Digits[rest > 0 ? digit | 32 : digit]);
        }
        while (rest > 0);
    }
}
