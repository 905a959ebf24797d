using System.Buffers;

namespace Bridge.Postgres.Values;

/// <summary>Reads the quoted parts of arrays, composites, ranges and hstores.</summary>
/// <remarks>Within quotes a backslash makes the next byte stand for itself, and so does a doubled quote, where the type writes those.</remarks>
internal ref struct QuotedText
{
    private byte[]? _rented;

    /// <summary>What stands between the quotes; valid until disposal.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Reads what begins with the quote at <paramref name="at"/>, and moves behind its end.</summary>
    /// <exception cref="FormatException">It has no end.</exception>
    internal static QuotedText Read(ReadOnlySpan<byte> text, scoped ref int at)
    {
        var start = at + 1;
        var length = FindEnd(text, start, out var hasEscapes) - start;
        at = start + length + 1;
        var inside = text.Slice(start, length);
        return hasEscapes ? Unescape(inside) : new QuotedText { Value = inside };
    }

    /// <summary>Returns what was rented.</summary>
    internal void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    /// <summary>Where the quotes end that were opened just before <paramref name="start"/>.</summary>
    internal static int FindEnd(ReadOnlySpan<byte> text, int start, out bool hasEscapes)
    {
        hasEscapes = false;
        for (var at = start; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (text[at] == '"' && (at + 1 >= text.Length || text[at + 1] != '"'))
            {
                return at;
            }

            hasEscapes = true;
            at++;
        }

        throw new FormatException("a quoted value has no end");
    }

    private static QuotedText Unescape(ReadOnlySpan<byte> inside)
    {
        var rented = ArrayPool<byte>.Shared.Rent(inside.Length);
        var length = 0;
        for (var at = 0; at < inside.Length; at++)
        {
            if (inside[at] is (byte)'\\' or (byte)'"')
            {
                at++;
            }

            rented[length++] = inside[at];
        }

        return new QuotedText { _rented = rented, Value = rented.AsSpan(0, length) };
    }
}
