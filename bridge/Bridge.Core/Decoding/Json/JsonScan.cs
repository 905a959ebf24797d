using System.Buffers;

namespace Bridge.Core.Decoding.Json;

/// <summary>
/// Moves over JSON by its brackets and quotes alone, as fast as they can be found: to look ahead in input that is checked later, and through
/// output that is checked already.
/// </summary>
/// <remarks>Input that isn't JSON leads it somewhere, but never past the end.</remarks>
internal static class JsonScan
{
    // Lists and objects that are shorter are soon passed again; a deeper one than this is refused anyway.
    private const int LeastRemembered = 512;
    private const int DeepestRemembered = DecodeCursor.MaxDepth;

    private static readonly SearchValues<byte> Brackets = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",:]} \t\r\n"u8);

    /// <summary>The offset of the first byte that isn't whitespace.</summary>
    public static int Blank(ReadOnlySpan<byte> json, int position)
    {
        while ((uint)position < (uint)json.Length && JsonBytes.IsWhitespace(json[position]))
        {
            position++;
        }

        return position;
    }

    /// <summary>The offset after the value that starts at an offset; the length where it doesn't end.</summary>
    /// <param name="json">The text.</param>
    /// <param name="position">The value's first byte.</param>
    /// <param name="ends">
    /// Where long lists and objects end, by their beginnings: each is passed once, however often those around it are looked through.
    /// </param>
    public static int Value(ReadOnlySpan<byte> json, int position, Dictionary<int, int>? ends = null)
    {
        if ((uint)position >= (uint)json.Length)
        {
            return json.Length;
        }

        return json[position] switch
        {
            (byte)'"' => Text(json, position),
            (byte)'{' or (byte)'[' => ends is not null && ends.TryGetValue(position, out var end) ? end : Nested(json, position, ends),
            _ => Scalar(json, position),
        };
    }

    /// <summary>The number of elements of the array that starts at an offset.</summary>
    /// <param name="json">The text.</param>
    /// <param name="position">The offset of its opening bracket.</param>
    /// <param name="ends">Where long lists and objects end.</param>
    /// <param name="end">The offset up to which it was read.</param>
    public static int CountElements(ReadOnlySpan<byte> json, int position, Dictionary<int, int> ends, out int end)
    {
        var count = 0;
        end = Blank(json, position + 1);
        while (end < json.Length && json[end] != (byte)']')
        {
            count++;
            end = Blank(json, Value(json, end, ends));
            if (end >= json.Length || json[end] != (byte)',')
            {
                break;
            }

            end = Blank(json, end + 1);
        }

        return count;
    }

    private static int Text(ReadOnlySpan<byte> json, int position)
    {
        position++;
        while (position < json.Length)
        {
            var found = json[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                return json.Length;
            }

            position += found;
            if (json[position] == (byte)'"')
            {
                return position + 1;
            }

            position += 2;
        }

        return json.Length;
    }

    private static int Nested(ReadOnlySpan<byte> json, int position, Dictionary<int, int>? ends)
    {
        var depth = 0;
        Span<int> open = stackalloc int[DeepestRemembered];
        while (position < json.Length)
        {
            var found = json[position..].IndexOfAny(Brackets);
            if (found < 0)
            {
                return json.Length;
            }

            position += found;
            switch (json[position])
            {
                case (byte)'"':
                    position = Text(json, position);
                    continue;
                case (byte)'{' or (byte)'[':
                    if (depth < DeepestRemembered)
                    {
                        open[depth] = position;
                    }

                    depth++;
                    break;
                default:
                    depth--;
                    if (ends is not null && depth < DeepestRemembered && position - open[depth] >= LeastRemembered)
                    {
                        ends[open[depth]] = position + 1;
                    }

                    break;
            }

            position++;
            if (depth == 0)
            {
                return position;
            }
        }

        return json.Length;
    }

    private static int Scalar(ReadOnlySpan<byte> json, int position)
    {
        var length = json[position..].IndexOfAny(ScalarEnds);
        return length < 0 ? json.Length : position + Math.Max(length, 1);
    }
}
