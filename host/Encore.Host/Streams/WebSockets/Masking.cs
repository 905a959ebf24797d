using System.Runtime.InteropServices;

namespace Encore.Host.Streams.WebSockets;

/// <summary>The masking of a client's payloads (RFC 6455, section 5.3).</summary>
internal static class Masking
{
    /// <summary>Masks or unmasks in place.</summary>
    /// <param name="bytes">A part of a payload.</param>
    /// <param name="mask">The four bytes as they came, read with the first one lowest.</param>
    /// <param name="offset">Which of the four is the part's first one's.</param>
    public static void Apply(Span<byte> bytes, uint mask, int offset)
    {
        mask = uint.RotateRight(mask, offset * 8);
        if (BitConverter.IsLittleEndian)
        {
            var wide = mask | ((ulong)mask << 32);
            var words = MemoryMarshal.Cast<byte, ulong>(bytes);
            for (var i = 0; i < words.Length; i++)
            {
                words[i] ^= wide;
            }

            // Eight bytes turn the mask round twice: the rest goes on with its first byte.
            bytes = bytes[(words.Length * sizeof(ulong))..];
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(mask >> ((i & 3) * 8));
        }
    }
}
