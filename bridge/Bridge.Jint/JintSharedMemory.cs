using Bridge.Core.Scripting;

namespace Bridge.Jint;

/// <summary>The array behind an ArrayBuffer: Jint uses the one it is given.</summary>
internal sealed class JintSharedMemory(byte[] array) : ISharedMemory
{
    internal byte[] Array => array;

    public Span<byte> Bytes => array;
}
