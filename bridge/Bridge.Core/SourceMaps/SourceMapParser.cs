using System.Text.Json;

namespace Bridge.Core.SourceMaps;

/// <summary>Reads a source map's JSON and decodes its mappings.</summary>
internal static class SourceMapParser
{
    /// <summary>Parses a map.</summary>
    /// <exception cref="FormatException">The bytes aren't a source map.</exception>
    public static SourceMap Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return ParseObject(json);
        }
        catch (JsonException error)
        {
            throw new FormatException("The source map isn't valid JSON.", error);
        }
    }

    private static SourceMap ParseObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var sources = Array.Empty<string>();
        var sourceRoot = "";
        byte[] mappings = [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("The source map isn't an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("sources"u8))
            {
                sources = ReadSources(ref reader);
            }
            else if (reader.ValueTextEquals("sourceRoot"u8))
            {
                reader.Read();
                sourceRoot = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : "";
            }
            else if (reader.ValueTextEquals("mappings"u8))
            {
                reader.Read();
                mappings = reader.TokenType == JsonTokenType.String ? reader.ValueSpan.ToArray() : throw new FormatException("No mappings.");
            }
            else
            {
                reader.Skip();
            }
        }

        if (sourceRoot.Length > 0)
        {
            sources = Array.ConvertAll(sources, source => sourceRoot.TrimEnd('/') + "/" + source);
        }

        return Decode(mappings, sources);
    }

    private static string[] ReadSources(ref Utf8JsonReader reader)
    {
        var sources = new List<string>();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("A source map's sources are a list.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            sources.Add(reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : "");
        }

        return [.. sources];
    }

    /// <summary>
    /// Lines are separated by ';', segments by ','; a segment is 1, 4 or 5 numbers, each relative to its predecessor,
    /// the generated column to the one before it in the line.
    /// </summary>
    private static SourceMap Decode(ReadOnlySpan<byte> mappings, string[] sources)
    {
        var lineStarts = new List<int> { 0 };
        var segments = new List<SourceMapSegment>(mappings.Length / 5);
        var digits = new VlqReader(mappings);
        int generatedColumn = 0, source = 0, line = 0, column = 0;
        while (!digits.AtEnd)
        {
            if (digits.TrySkip((byte)';'))
            {
                lineStarts.Add(segments.Count);
                generatedColumn = 0;
            }
            else if (!digits.TrySkip((byte)','))
            {
                generatedColumn += digits.Read();
                if (digits.AtSegmentEnd)
                {
                    segments.Add(new SourceMapSegment(generatedColumn, -1, 0, 0));
                    continue;
                }

                source += digits.Read();
                line += digits.Read();
                column += digits.Read();
                segments.Add(new SourceMapSegment(generatedColumn, source, line, column));
                if (!digits.AtSegmentEnd)
                {
                    _ = digits.Read(); // the name's index
                }
            }
        }

        lineStarts.Add(segments.Count);
        return new SourceMap(sources, [.. lineStarts], InOrder(segments, lineStarts));
    }

    /// <summary>Generators write a line's segments in order, though the format doesn't demand it.</summary>
    private static SourceMapSegment[] InOrder(List<SourceMapSegment> segments, List<int> lineStarts)
    {
        var ordered = segments.ToArray();
        for (var index = 1; index < lineStarts.Count; index++)
        {
            var ofLine = ordered.AsSpan(lineStarts[index - 1], lineStarts[index] - lineStarts[index - 1]);
            for (var at = 1; at < ofLine.Length; at++)
            {
                if (ofLine[at].GeneratedColumn < ofLine[at - 1].GeneratedColumn)
                {
                    ofLine.Sort(static (left, right) => left.GeneratedColumn.CompareTo(right.GeneratedColumn));
                    break;
                }
            }
        }

        return ordered;
    }
}
