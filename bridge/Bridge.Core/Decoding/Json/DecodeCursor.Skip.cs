namespace Bridge.Core.Decoding.Json;

/// <content>Values whose shape nobody declared: checked as JSON, then dropped or copied as they stand.</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Checks the value at the cursor and moves past it.</summary>
    public bool SkipValue()
    {
        switch (PeekKind())
        {
            case JsonKinds.Text:
                return ScanString(out _);
            case JsonKinds.Number:
                return ScanNumber(out _);
            case JsonKinds.Object:
                return SkipObject();
            case JsonKinds.Array:
                return SkipArray();
            case JsonKinds.Boolean:
                return TakeWord(At((byte)'t') ? "true"u8 : "false"u8);
            case JsonKinds.Null:
                return TakeWord("null"u8);
            default:
                return Fault(_position == _input.Length ? "EOF while parsing a value" : At((byte)']') ? "trailing comma" : "expected value");
        }
    }

    /// <summary>Takes a literal name.</summary>
    public bool TakeWord(ReadOnlySpan<byte> word)
    {
        var rest = _input[_position..];
        if (!rest.StartsWith(word))
        {
            return Fault(word.StartsWith(rest) ? "EOF while parsing a value" : "expected ident");
        }

        _position += word.Length;
        return true;
    }

    /// <summary>Scans a member's name and the colon after it; the cursor is then at the value.</summary>
    /// <param name="name">The name, unescaped; valid until the next text is unescaped.</param>
    public bool ReadName(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!At((byte)'"'))
        {
            return Fault(_position == _input.Length ? "EOF while parsing an object" : At((byte)'}') ? "trailing comma" : "key must be a string");
        }

        var start = _position;
        if (!ScanString(out var escaped))
        {
            return false;
        }

        name = _input[(start + 1)..(_position - 1)];
        if (escaped)
        {
            name = Unescape(name);
        }

        return TakeColon();
    }

    /// <summary>Takes a member's name if it comes next just as it is usually written, and its colon.</summary>
    /// <param name="quoted">The name in quotes, nothing escaped that needs not be.</param>
    /// <param name="taken">Whether the name came.</param>
    /// <returns>False where the name came without a colon.</returns>
    public bool TryTakeName(ReadOnlySpan<byte> quoted, out bool taken)
    {
        taken = _input[_position..].StartsWith(quoted);
        if (!taken)
        {
            return true;
        }

        _position += quoted.Length;
        return TakeColon();
    }

    /// <summary>Takes the colon after a member's name and the whitespace around it.</summary>
    public bool TakeColon()
    {
        SkipWhitespace();
        if (!TryTake((byte)':'))
        {
            return Fault(_position == _input.Length ? "EOF while parsing an object" : "expected `:`");
        }

        SkipWhitespace();
        return true;
    }

    /// <summary>After a member or element: takes the comma (another follows) or the closing byte.</summary>
    /// <param name="close"><c>}</c> or <c>]</c>.</param>
    /// <param name="more">Whether another follows; the cursor is then at its first byte.</param>
    public bool TakeSeparator(byte close, out bool more)
    {
        SkipWhitespace();
        more = TryTake((byte)',');
        if (more)
        {
            SkipWhitespace();
            return true;
        }

        return TryTake(close) || UnexpectedSeparator(close);
    }

    private readonly bool UnexpectedSeparator(byte close)
    {
        var isArray = close == (byte)']';
        return Fault(_position == _input.Length
            ? isArray ? "EOF while parsing a list" : "EOF while parsing an object"
            : isArray ? "expected `,` or `]`" : "expected `,` or `}`");
    }

    private bool SkipArray()
    {
        if (!Enter())
        {
            return false;
        }

        SkipWhitespace();
        var more = !TryTake((byte)']');
        while (more)
        {
            if (!SkipValue() || !TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        Leave();
        return true;
    }

    private bool SkipObject()
    {
        if (!Enter())
        {
            return false;
        }

        var names = default(NameScope);
        SkipWhitespace();
        var more = !TryTake((byte)'}');
        while (more)
        {
            if (!ReadName(out var name) || !Distinct(ref names, name) || !SkipValue() || !TakeSeparator((byte)'}', out more))
            {
                return false;
            }
        }

        CloseNames(names);
        Leave();
        return true;
    }

    /// <summary>Records a name of the object at hand; a fault where it has one of that name already.</summary>
    private bool Distinct(ref NameScope names, ReadOnlySpan<byte> name) => AddName(ref names, name) || Duplicate(name);

    /// <summary>Whether a name is new to the object whose undeclared names the scope holds.</summary>
    public bool AddName(ref NameScope names, ReadOnlySpan<byte> name) => Scratch().Names.Add(ref names, name);

    /// <summary>Forgets an object's undeclared names.</summary>
    public readonly void CloseNames(NameScope names) => _scratch?.Names.Close(names);

    /// <summary>Records that a name comes twice.</summary>
    public readonly bool Duplicate(ReadOnlySpan<byte> name) => Report is not null && Report.Duplicate(name);
}
