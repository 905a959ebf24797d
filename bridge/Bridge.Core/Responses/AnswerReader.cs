using System.Buffers;

namespace Bridge.Core.Responses;

/// <summary>
/// Walks the top-level members of a JSON object without looking into their values: what <c>JSON.stringify</c> wrote is JSON already.
/// </summary>
/// <remarks>On a text that isn't JSON it ends early, and says so: it reads nothing outside the text and never throws.</remarks>
internal ref struct AnswerReader
{
    private static readonly SearchValues<byte> Brackets = SearchValues.Create("\"[]{}"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",} \t\r\n"u8);

    private readonly ReadOnlySpan<byte> _json;
    private int _position;

    /// <summary>Starts before the first member.</summary>
    /// <param name="json">An object: the first byte is its brace.</param>
    public AnswerReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _position = 1;
    }

    /// <summary>Where the member last read starts: at its name's quote.</summary>
    public int Start { get; private set; }

    /// <summary>Where the member last read ends: after its value.</summary>
    public readonly int End => _position;

    /// <summary>The name of the member last read, without quotes, as written.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value of the member last read.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the object ended as objects do, with nothing after it.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the next member; false past the last, or where the text is broken.</summary>
    public bool Read()
    {
        SkipBlanks();
        if (At((byte)'}'))
        {
            _position++;
            SkipBlanks();
            IsComplete = _position == _json.Length;
            return false;
        }

        if (At((byte)','))
        {
            _position++;
            SkipBlanks();
        }

        Start = _position;
        if (!At((byte)'"') || !SkipString())
        {
            return false;
        }

        Name = _json[(Start + 1)..(_position - 1)];
        SkipBlanks();
        if (!At((byte)':'))
        {
            return false;
        }

        _position++;
        SkipBlanks();
        var valueStart = _position;
        if (!SkipValue())
        {
            return false;
        }

        Value = _json[valueStart.._position];
        return true;
    }

    private readonly bool At(byte expected) => (uint)_position < (uint)_json.Length && _json[_position] == expected;

    private void SkipBlanks()
    {
        while ((uint)_position < (uint)_json.Length && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }

    private bool SkipString()
    {
        var index = _position + 1;
        while (true)
        {
            var next = _json[index..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return false;
            }

            index += next;
            if (_json[index] == (byte)'"')
            {
                _position = index + 1;
                return true;
            }

            index += 2;
            if (index > _json.Length)
            {
                return false;
            }
        }
    }

    private bool SkipValue()
    {
        if (At((byte)'"'))
        {
            return SkipString();
        }

        if (At((byte)'{') || At((byte)'['))
        {
            return SkipContainer();
        }

        var length = _json[_position..].IndexOfAny(ScalarEnds);
        _position += Math.Max(length, 0);
        return length > 0;
    }

    private bool SkipContainer()
    {
        var depth = 0;
        while (true)
        {
            var next = _json[_position..].IndexOfAny(Brackets);
            if (next < 0)
            {
                return false;
            }

            _position += next;
            var bracket = _json[_position];
            if (bracket == (byte)'"')
            {
                if (!SkipString())
                {
                    return false;
                }

                continue;
            }

            _position++;
            depth += bracket is (byte)'{' or (byte)'[' ? 1 : -1;
            if (depth == 0)
            {
                return true;
            }
        }
    }
}
