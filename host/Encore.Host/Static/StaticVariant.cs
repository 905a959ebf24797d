using Encore.Host.Http;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Static;

/// <summary>Chooses among a file and its compressed forms.</summary>
internal static class StaticVariant
{
    /// <summary>The form that the client wants most; of those it wants alike, the one that is usually smallest.</summary>
    public static StaticFile Choose(StaticEntry entry, StringValues acceptEncoding)
    {
        var best = entry.File!;
        if (acceptEncoding.Count == 0)
        {
            return best;
        }

        var accepted = AcceptedEncodings.Parse(acceptEncoding.ToString());
        var weight = 0d;
        foreach (var variant in entry.Variants)
        {
            var own = variant?.Encoding switch
            {
                "br" => accepted.Brotli,
                "zstd" => accepted.Zstd,
                "gzip" => accepted.Gzip,
                _ => 0,
            };
            if (own > weight && own >= accepted.Identity)
            {
                (best, weight) = (variant!, own);
            }
        }

        return best;
    }
}
