using System.Text;

namespace Bridge.Core.Isolates;

/// <summary>Builds the text that carries a turn's payloads: one JSON array. Thread: the isolate's.</summary>
internal sealed class TurnText
{
    private const int InitialCharacters = 16 * 1024;

    private char[] _characters = new char[InitialCharacters];
    private int _length;

    internal void Begin()
    {
        _characters[0] = '[';
        _length = 1;
    }

    /// <summary>Appends a payload of valid UTF-8 JSON; none at all counts as null.</summary>
    internal void Add(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            json = "null"u8;
        }

        Reserve(json.Length);
        _length += Encoding.UTF8.GetChars(json, _characters.AsSpan(_length));
        _characters[_length++] = ',';
    }

    /// <summary>Appends a payload of JSON text; none at all counts as null.</summary>
    internal void Add(ReadOnlySpan<char> json)
    {
        if (json.IsEmpty)
        {
            json = "null";
        }

        Reserve(json.Length);
        json.CopyTo(_characters.AsSpan(_length));
        _length += json.Length;
        _characters[_length++] = ',';
    }

    /// <summary>Ends the array, which has at least one element, and gives the text.</summary>
    internal string End()
    {
        _characters[_length - 1] = ']';
        return new string(_characters, 0, _length);
    }

    private void Reserve(int length)
    {
        if (_characters.Length - _length < length + 1)
        {
            Array.Resize(ref _characters, checked(Math.Max(_characters.Length * 2, _length + length + 1)));
        }
    }
}
