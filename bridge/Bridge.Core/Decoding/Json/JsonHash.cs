using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bridge.Core.Decoding.Json;

/// <summary>
/// Hashes JSON values so that equal ones hash alike however they are written: <c>1.0</c> is 1, <c>"\u0061"</c> is "a", members have no order.
/// </summary>
/// <remarks>
/// 64 bits, keyed at random per process: nobody can prepare values that collide, and by chance two differing values do so once in 2^64 pairs.
/// </remarks>
/// <param name="json">Valid JSON.</param>
/// <param name="scratch">Space for unescaped text.</param>
internal ref struct JsonHash(ReadOnlySpan<byte> json, DecodeScratch scratch)
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 / golden ratio: an odd number without pattern

    private static readonly ulong Key = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static readonly ulong SecondKey = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>The offset after the value hashed last.</summary>
    public int Position { get; private set; }

    /// <summary>The keyed hash of bytes; never 0.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Key ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var value in bytes)
        {
            rest = (rest << 8) | value;
        }

        hash = Mix(hash ^ rest);
        return hash == 0 ? 1 : hash; // tables mark an empty slot by 0
    }

    /// <summary>The hash of the value at an offset; never 0.</summary>
    public ulong Value(int position)
    {
        Position = JsonScan.Blank(_json, position);
        var hash = _json[Position] switch
        {
            (byte)'"' => Mix(Text() ^ 1),
            (byte)'[' => Array(),
            (byte)'{' => Object(),
            (byte)'t' or (byte)'f' or (byte)'n' => Mix(Of(Taken()) ^ 2),
            _ => Number(),
        };
        return hash == 0 ? 1 : hash;
    }

    private ulong Number()
    {
        var value = double.Parse(Taken(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return Mix(Key ^ BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value)) + 3; // -0 is 0
    }

    private ulong Text()
    {
        var raw = Taken()[1..^1];
        if (!raw.Contains((byte)'\\'))
        {
            return Of(raw);
        }

        var text = scratch.Text(raw.Length);
        return Of(text[..JsonEscapes.Unescape(raw, text)]);
    }

    private ulong Array()
    {
        var hash = Key;
        var more = Open((byte)']');
        while (more)
        {
            hash = Mix(hash ^ Value(Position)) + 1;
            more = Next();
        }

        return Mix(hash ^ 4);
    }

    // A sum forgets the order; each member is mixed with its name first, and the key keeps sums from being aimed at.
    private ulong Object()
    {
        var sum = 0UL;
        var more = Open((byte)'}');
        while (more)
        {
            var name = Text();
            Position = JsonScan.Blank(_json, Position) + 1;
            sum += Mix(Mix(name ^ Key) ^ Value(Position));
            more = Next();
        }

        return Mix(sum ^ 5);
    }

    private bool Open(byte close)
    {
        Position = JsonScan.Blank(_json, Position + 1);
        if (_json[Position] != close)
        {
            return true;
        }

        Position++;
        return false;
    }

    private bool Next()
    {
        Position = JsonScan.Blank(_json, Position);
        var more = _json[Position++] == (byte)',';
        Position = more ? JsonScan.Blank(_json, Position) : Position;
        return more;
    }

    private ReadOnlySpan<byte> Taken()
    {
        var start = Position;
        Position = JsonScan.Value(_json, start);
        return _json[start..Position];
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ SecondKey, Multiplier, out var low);
        return high ^ low;
    }
}
