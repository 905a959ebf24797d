namespace Bridge.Core.Decoding.Json;

/// <content>Looking ahead, at the expense of the budget for reading again.</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Finds a member of the object at the cursor, which stays where it is.</summary>
    /// <param name="name">The member's name in UTF-8.</param>
    /// <param name="value">The member's value as it stands, not yet checked; empty where there is no such member.</param>
    /// <returns>False where the budget for reading again is used up.</returns>
    public bool TryFindMember(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var read = 0L; // what is passed by a remembered end isn't read
        var position = JsonScan.Blank(_input, _position + 1);
        while (At(position, (byte)'"'))
        {
            var nameStart = position;
            var nameEnd = JsonScan.Value(_input, position);
            position = JsonScan.Blank(_input, nameEnd);
            if (!At(position, (byte)':'))
            {
                break;
            }

            var start = JsonScan.Blank(_input, position + 1);
            position = EndOf(start, ref read);
            read += start - nameStart;
            if (IsName(_input[nameStart..nameEnd], name))
            {
                value = _input[start..position];
                break;
            }

            position = JsonScan.Blank(_input, position);
            if (!At(position, (byte)','))
            {
                break;
            }

            position = JsonScan.Blank(_input, position + 1);
        }

        return Spend(read);
    }

    /// <summary>Counts the elements of the array at the cursor, which stays where it is.</summary>
    /// <returns>False where the budget for reading again is used up.</returns>
    public bool TryCountElements(out int count)
    {
        count = JsonScan.CountElements(_input, _position, Scratch().Ends, out var end);
        return Spend(end - _position);
    }

    /// <summary>The text of a JSON string, unescaped; empty where it isn't one. Valid until the next text is unescaped.</summary>
    public ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> json)
    {
        if (json.Length < 2 || json[^1] != (byte)'"')
        {
            return default;
        }

        return json.Contains((byte)'\\') ? Unescape(json[1..^1]) : json[1..^1];
    }

    private int EndOf(int start, ref long read)
    {
        var isNested = At(start, (byte)'{') || At(start, (byte)'[');
        var isKnown = isNested && Scratch().Ends.ContainsKey(start);
        var end = JsonScan.Value(_input, start, isNested ? Scratch().Ends : null);
        read += isKnown ? 1 : end - start;
        return end;
    }

    private bool Spend(long bytes)
    {
        _rewindBudget -= bytes;
        return _rewindBudget >= 0 || Fault("too many ways to read the value");
    }

    private readonly bool At(int position, byte expected) => (uint)position < (uint)_input.Length && _input[position] == expected;

    private bool IsName(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        // An escape takes at most six bytes for one.
        return json.Length >= name.Length + 2 && json.Length <= (name.Length * 6) + 2
            && (json[1..^1].SequenceEqual(name) || (json.Contains((byte)'\\') && Unescaped(json).SequenceEqual(name)));
    }
}
