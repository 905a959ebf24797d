using System.Buffers;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Places;

/// <summary>The fields that stand in headers.</summary>
/// <remarks>
/// An array takes one element from each line of its header. Where no element can hold a comma, a line may be a list (RFC 9110 section 5.3).
/// </remarks>
internal sealed class HeaderPlace(PlaceField[] fields)
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t");

    /// <summary>Decodes them.</summary>
    public bool Decode(ref DecodeCursor cursor, IRequestHeaders? headers)
    {
        cursor.MoveTo(RequestPlace.Header);
        foreach (var field in fields)
        {
            var value = headers?.Find(field.WireName);
            var isDone = value is null ? field.DecodeMissing(ref cursor)
                : field.ArrayType is null ? field.DecodeSingle(ref cursor, value, TextCoding.Plain)
                : DecodeLines(ref cursor, headers!, field); // Justification: a value came from them.
            if (!isDone)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether any of them came.</summary>
    public bool HasAny(IRequestHeaders? headers) => Array.Exists(fields, field => headers?.Find(field.WireName) is not null);

    private static bool DecodeLines(ref DecodeCursor cursor, IRequestHeaders headers, PlaceField field)
    {
        if (!field.IsArrayOnly && headers.Find(field.WireName, 1) is null)
        {
            return field.DecodeSingle(ref cursor, headers.Find(field.WireName, 0), TextCoding.Plain);
        }

        field.OpenArray(ref cursor);
        var count = 0;
        for (var line = 0; headers.Find(field.WireName, line) is { } value; line++)
        {
            if (!DecodeLine(ref cursor, field, value, ref count))
            {
                return false;
            }
        }

        return field.CloseArray(ref cursor, count);
    }

    private static bool DecodeLine(ref DecodeCursor cursor, PlaceField field, string line, ref int count)
    {
        if (!field.IsList)
        {
            return field.DecodeElement(ref cursor, count++, line, TextCoding.Plain);
        }

        foreach (var range in line.AsSpan().Split(','))
        {
            var element = Trim(line.AsSpan()[range]);
            if (!field.DecodeElement(ref cursor, count++, element, TextCoding.Plain))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(Blanks);
        return start < 0 ? default : text[start..(text.LastIndexOfAnyExcept(Blanks) + 1)];
    }
}
