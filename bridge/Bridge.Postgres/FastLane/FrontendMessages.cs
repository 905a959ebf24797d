using System.Buffers.Binary;
using System.Text;
using Bridge.Core.Buffers;

namespace Bridge.Postgres.FastLane;

/// <summary>Writes what a server is sent. https://www.postgresql.org/docs/current/protocol-message-formats.html</summary>
internal static class FrontendMessages
{
    /// <summary>Parse: prepares a text under a name; the server infers all parameters' types.</summary>
    internal static void WriteParse(PooledBuffer buffer, string name, string text)
    {
        var start = Begin(buffer, (byte)'P');
        WriteTerminated(buffer, name);
        WriteTerminated(buffer, text);
        WriteInt16(buffer, 0);
        End(buffer, start);
    }

    /// <summary>Describe: asks for the columns of what is prepared.</summary>
    internal static void WriteDescribe(PooledBuffer buffer, string name) => WriteNamed(buffer, (byte)'D', name);

    /// <summary>Close: forgets what is prepared, if it is.</summary>
    internal static void WriteClose(PooledBuffer buffer, string name) => WriteNamed(buffer, (byte)'C', name);

    /// <summary>Bind and Execute: runs what is prepared, in the transaction that the next <see cref="WriteSync"/> ends.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="name">What is prepared.</param>
    /// <param name="parameters">As <see cref="BoundParameters"/> writes them.</param>
    internal static void WriteRun(PooledBuffer buffer, string name, ReadOnlySpan<byte> parameters)
    {
        var start = Begin(buffer, (byte)'B');
        buffer.Write(0);
        WriteTerminated(buffer, name);
        buffer.Write(parameters);
        End(buffer, start);

        // Of the portal without a name, all rows.
        buffer.Write("E\0\0\0\u0009\0\0\0\0\0"u8);
    }

    /// <summary>Sync: ends the transaction of what was written since the last one, and has the server send what it holds.</summary>
    internal static void WriteSync(PooledBuffer buffer) => buffer.Write("S\0\0\0\u0004"u8);

    /// <summary>Writes a 16-bit number.</summary>
    internal static void WriteInt16(PooledBuffer buffer, int value)
    {
        BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(sizeof(short)), checked((short)value));
        buffer.Advance(sizeof(short));
    }

    /// <summary>Writes a 32-bit number.</summary>
    internal static void WriteInt32(PooledBuffer buffer, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    /// <summary>Writes UTF-8.</summary>
    /// <returns>How many bytes.</returns>
    internal static int WriteText(PooledBuffer buffer, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        buffer.Advance(written);
        return written;
    }

    private static void WriteNamed(PooledBuffer buffer, byte type, string name)
    {
        var start = Begin(buffer, type);
        buffer.Write((byte)'S');
        WriteTerminated(buffer, name);
        End(buffer, start);
    }

    private static void WriteTerminated(PooledBuffer buffer, string text)
    {
        WriteText(buffer, text);
        buffer.Write(0);
    }

    // The length comes once it is known, and counts itself.
    private static int Begin(PooledBuffer buffer, byte type)
    {
        buffer.Write(type);
        var start = buffer.Length;
        WriteInt32(buffer, 0);
        return start;
    }

    private static void End(PooledBuffer buffer, int start) => buffer.Overwrite(start, buffer.Length - start);
}
