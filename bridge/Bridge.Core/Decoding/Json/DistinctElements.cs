namespace Bridge.Core.Decoding.Json;

/// <summary>Finds the elements of a JSON array that equal an earlier one, in time linear in the array's text.</summary>
/// <param name="array">A valid JSON array.</param>
/// <param name="areEntries">Whether the elements are [key, value] entries, of which the keys count.</param>
/// <param name="scratch">Space for hashes.</param>
internal ref struct DistinctElements(ReadOnlySpan<byte> array, bool areEntries, DecodeScratch scratch)
{
    private readonly ReadOnlySpan<byte> _array = array;
    private NameScope _seen;
    private int _position = JsonScan.Blank(array, 1);
    private int _index = -1;

    /// <summary>The index of the next duplicate; -1 when there is none left.</summary>
    public int NextDuplicate()
    {
        while (_array[_position] != (byte)']')
        {
            _index++;
            var start = areEntries ? JsonScan.Blank(_array, _position) + 1 : _position;
            var hash = new JsonHash(_array, scratch);
            var isNew = scratch.Names.AddHash(ref _seen, hash.Value(start));
            _position = JsonScan.Blank(_array, areEntries ? JsonScan.Value(_array, _position) : hash.Position);
            _position = _array[_position] == (byte)',' ? JsonScan.Blank(_array, _position + 1) : _position;
            if (!isNew)
            {
                return _index;
            }
        }

        scratch.Names.Close(_seen);
        _seen = default;
        return -1;
    }

    /// <summary>Gives the space for hashes back, where the search ends before the array.</summary>
    public readonly void Stop() => scratch.Names.Close(_seen);
}
