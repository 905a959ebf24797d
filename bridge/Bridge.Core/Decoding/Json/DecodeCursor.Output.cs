using System.Runtime.CompilerServices;

namespace Bridge.Core.Decoding.Json;

/// <content>Writing the normalised JSON.</content>
internal ref partial struct DecodeCursor
{
    /// <summary>Bytes in the output so far, those of earlier writers included.</summary>
    public readonly int OutputLength => _output.Length + _used;

    /// <summary>Appends one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        if ((uint)_used >= (uint)_free.Length)
        {
            Grow(1);
        }

        _free[_used++] = value;
    }

    /// <summary>Appends bytes that are JSON already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(scoped ReadOnlySpan<byte> json)
    {
        if (json.Length > _free.Length - _used)
        {
            Grow(json.Length);
        }

        json.CopyTo(_free[_used..]);
        _used += json.Length;
    }

    /// <summary>Copies the input from an offset up to the cursor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyFrom(int start) => Write(_input[start.._position]);

    /// <summary>Appends an integer.</summary>
    public void Write(long value)
    {
        if (_free.Length - _used < 20)
        {
            Grow(20);
        }

        value.TryFormat(_free[_used..], out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Appends text as a JSON string, escaping what JSON demands.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public void WriteString(scoped ReadOnlySpan<byte> text)
    {
        Write((byte)'"');
        while (!text.IsEmpty)
        {
            var plain = IndexOfSpecial(text, 0);
            Write(text[..plain]);
            if (plain < text.Length)
            {
                WriteEscape(text[plain++]);
            }

            text = text[plain..];
        }

        Write((byte)'"');
    }

    /// <summary>What was written after the output had this length; valid until the next write.</summary>
    public ReadOnlySpan<byte> OutputFrom(int length)
    {
        _output.Advance(_used);
        _used = 0;
        _free = _output.GetSpan(1);
        return _output.Written[length..];
    }

    /// <summary>Forgets what was written after the output had this length.</summary>
    public void RewindOutput(int length)
    {
        if (length >= _output.Length)
        {
            _used = length - _output.Length;
            return;
        }

        _output.Truncate(length);
        _free = _output.GetSpan(1);
        _used = 0;
    }

    private void WriteEscape(byte value)
    {
        if (value is (byte)'"' or (byte)'\\')
        {
            Write((byte)'\\');
            Write(value);
            return;
        }

        Write("\\u00"u8);
        Write("0123456789abcdef"u8[value >> 4]);
        Write("0123456789abcdef"u8[value & 15]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int needed)
    {
        _output.Advance(_used);
        _used = 0;
        _free = _output.GetSpan(needed);
    }
}
