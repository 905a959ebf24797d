namespace Bridge.Core.SourceMaps;

/// <summary>
/// Reads base64 VLQ numbers: six bits a character, the lowest five of them value (least significant first), the sixth says that more follow;
/// the number's lowest bit is its sign.
/// </summary>
internal ref struct VlqReader(ReadOnlySpan<byte> text)
{
    private const int ContinuationBit = 0x20;
    private const int ValueBits = 5;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    public readonly bool AtEnd => _position >= _text.Length;

    public readonly bool AtSegmentEnd => AtEnd || _text[_position] is (byte)',' or (byte)';';

    public bool TrySkip(byte separator)
    {
        if (_text[_position] != separator)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <exception cref="FormatException">The text ends within a number, has a foreign character or a number beyond 32 bits.</exception>
    public int Read()
    {
        ulong value = 0;
        var shift = 0;
        int digit;
        do
        {
            if (AtEnd || shift > 30)
            {
                throw new FormatException("A number of the source map's mappings is cut short or too long.");
            }

            digit = Digit(_text[_position++]);
            value |= (ulong)(digit & (ContinuationBit - 1)) << shift;
            shift += ValueBits;
        }
        while ((digit & ContinuationBit) != 0);

        var magnitude = (int)(value >> 1);
        return (value & 1) == 0 ? magnitude : -magnitude;
    }

    private static int Digit(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => throw new FormatException("The source map's mappings hold a foreign character."),
    };
}
