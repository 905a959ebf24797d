using Bridge.Core.Scripting;
using Microsoft.ClearScript.JavaScript;

namespace Bridge.V8;

/// <summary>An ArrayBuffer's bytes, seen from the host.</summary>
/// <remarks>
/// Justification (unsafe): V8 allocates an ArrayBuffer's backing store outside its heap and never moves it; it lives as long as the buffer,
/// which <c>_buffer</c> keeps alive, and can't be detached by scripts since the runtime takes the buffer off the global object and never transfers it.
/// </remarks>
internal sealed unsafe class V8SharedMemory : ISharedMemory
{
    private readonly IArrayBuffer _buffer;
    private readonly byte* _start;
    private readonly int _length;

    internal V8SharedMemory(IArrayBuffer buffer, int length)
    {
        _buffer = buffer;
        _length = length;
        _start = (byte*)buffer.InvokeWithDirectAccess(static address => address);
    }

    public Span<byte> Bytes
    {
        get
        {
            GC.KeepAlive(_buffer);
            return new(_start, _length);
        }
    }
}
