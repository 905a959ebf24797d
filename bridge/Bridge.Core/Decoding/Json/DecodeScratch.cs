namespace Bridge.Core.Decoding.Json;

/// <summary>
/// Space that some decodes need beside their output: for unescaped text, names of open objects, wide objects' field sets, unions' choices.
/// </summary>
/// <remarks>
/// One per thread is kept between requests, so that a warm thread allocates nothing. Thread: the one that rented it.
/// </remarks>
internal sealed class DecodeScratch
{
    // What one hostile request made grow is not kept for all the polite ones after it.
    private const int KeptBytes = 256 * 1024;

    private const int EntryBytes = 28; // of a dictionary, with its bucket

    // Some 50 ms of the matcher's work, for the whole of a request: no number of texts in it can take longer.
    private const long MaxPatternSteps = 5_000_000;

    [ThreadStatic]
    private static DecodeScratch? _kept;

    private byte[] _text = new byte[512];
    private byte[] _place = new byte[1024];
    private ulong[] _bits = new ulong[64];
    private int _bitsTop;

    /// <summary>The names of open objects.</summary>
    public NameScopes Names { get; } = new();

    /// <summary>What unions chose where they may be asked again, by union and position.</summary>
    public Dictionary<long, int> Choices { get; } = [];

    /// <summary>Where long lists and objects of the input end, by their beginnings, as far as anyone looked ahead.</summary>
    public Dictionary<int, int> Ends { get; } = [];

    /// <summary>Steps that patterns may still take in this decode.</summary>
    public long PatternSteps { get; set; }

    /// <summary>The thread's scratch space, taken out so that nobody shares it.</summary>
    public static DecodeScratch Rent()
    {
        var scratch = _kept ?? new DecodeScratch();
        _kept = null;
        scratch.PatternSteps = MaxPatternSteps;
        return scratch;
    }

    /// <summary>Gives scratch space back to the thread.</summary>
    public static void Return(DecodeScratch? scratch)
    {
        if (scratch is null)
        {
            return;
        }

        scratch.Names.Reset();
        scratch._bitsTop = 0;
        var remembered = (scratch.Choices.EnsureCapacity(0) + scratch.Ends.EnsureCapacity(0)) * EntryBytes;
        scratch.Choices.Clear();
        scratch.Ends.Clear();
        var bytes = remembered + scratch._text.Length + scratch._place.Length + ((scratch._bits.Length + scratch.Names.Capacity) * sizeof(ulong));
        _kept = bytes <= KeptBytes ? scratch : null;
    }

    /// <summary>Space for unescaped text; the content of the last call is lost.</summary>
    public Span<byte> Text(int length) => Sized(ref _text, length);

    /// <summary>Space for a path, query or header value; apart from <see cref="Text"/>, as rules may need both.</summary>
    public Span<byte> PlaceText(int length) => Sized(ref _place, length);

    /// <summary>Opens an empty bit set; sets close in reverse order.</summary>
    /// <returns>Where it starts, for <see cref="Bits"/>.</returns>
    public int OpenBits(int words)
    {
        if (_bitsTop + words > _bits.Length)
        {
            Array.Resize(ref _bits, Math.Max(_bits.Length * 2, _bitsTop + words));
        }

        _bits.AsSpan(_bitsTop, words).Clear();
        _bitsTop += words;
        return _bitsTop - words;
    }

    /// <summary>The words of an open bit set; valid until the next set is opened.</summary>
    public Span<ulong> Bits(int start, int words) => _bits.AsSpan(start, words);

    /// <summary>Closes the set opened last.</summary>
    public void CloseBits(int start) => _bitsTop = start;

    private static Span<byte> Sized(ref byte[] bytes, int length)
    {
        if (bytes.Length < length)
        {
            bytes = GC.AllocateUninitializedArray<byte>(Math.Max(length, bytes.Length * 2));
        }

        return bytes.AsSpan(0, length);
    }
}
