using System.Runtime.CompilerServices;
using Bridge.Core.Buffers;
using Microsoft.Extensions.ObjectPool;
using ZstdSharp;

namespace Encore.Host.Http;

/// <summary>Compresses by Zstandard (RFC 8878). Thread: any.</summary>
/// <remarks>Nothing of its library is loaded before the first client asks for it: so long this class isn't touched.</remarks>
internal static class ZstdEncoder
{
    // As small as Brotli's fourth level, in about a quarter of its time. Its window of 2 MiB is within what a browser has to take (RFC 9659).
    private const int Level = 3;

    // Each holds up to 1.3 MiB, so none is kept beyond what can run at a time.
    private static readonly ObjectPool<Compressor> Pool =
        new DefaultObjectPoolProvider { MaximumRetained = Environment.ProcessorCount }.Create(new Policy());

    /// <summary>Compresses a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="output">Takes the compressed ones, as a frame that says how long the body is.</param>
    /// <returns>False where that makes it no smaller.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryEncode(ReadOnlySpan<byte> body, PooledBuffer output)
    {
        var compressor = Pool.Get();
        try
        {
            // No more room than the body has: what doesn't fit isn't wanted.
            if (!compressor.TryWrap(body, output.GetSpan(body.Length)[..body.Length], out var written))
            {
                return false;
            }

            output.Advance(written);
            return written < body.Length;
        }
        finally
        {
            Pool.Return(compressor);
        }
    }

    private sealed class Policy : IPooledObjectPolicy<Compressor>
    {
        public Compressor Create() => new(Level);

        public bool Return(Compressor obj) => true;
    }
}
