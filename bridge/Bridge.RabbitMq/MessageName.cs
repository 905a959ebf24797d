using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Bridge.RabbitMq;

/// <summary>The names that messages are published under: UUIDs that tell the time (RFC 9562, version 7), without hyphens.</summary>
internal static class MessageName
{
    private const int TimeBytes = 6;
    private const int RandomBytes = 10;

    // The system is asked for so many names' randomness at a time: a call for each costs more than all else about a name.
    private const int Stock = 200;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A name like no other.</summary>
    /// <param name="time">What it tells, in whole milliseconds.</param>
    internal static string New(DateTimeOffset time)
    {
        Span<byte> name = stackalloc byte[TimeBytes + RandomBytes];
        BinaryPrimitives.WriteInt64BigEndian(name, time.ToUnixTimeMilliseconds() << 16);
        TakeRandom(name[TimeBytes..]);
        name[6] = (byte)(0x70 | (name[6] & 0x0f));
        name[8] = (byte)(0x80 | (name[8] & 0x3f));
        return Convert.ToHexStringLower(name);
    }

    /// <summary>The time that a name tells, in milliseconds since 1970; null where it tells none.</summary>
    internal static long? TimeOf(string name) =>
        name.Length == 2 * (TimeBytes + RandomBytes) && name[2 * TimeBytes] == '7'
        && long.TryParse(name.AsSpan(0, 2 * TimeBytes), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var time)
            ? time
            : null;

    private static void TakeRandom(Span<byte> bytes)
    {
        var random = _random ??= new byte[Stock * RandomBytes];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Stock;
        }

        random.AsSpan(--_left * RandomBytes, RandomBytes).CopyTo(bytes);
    }
}
