using System.Globalization;

namespace Encore.Host.Http;

/// <summary>The content encodings a client takes, as its Accept-Encoding header weighs them (RFC 9110, section 12.5.3).</summary>
internal readonly struct AcceptedEncodings
{
    private const double NotStated = -1;

    private readonly double _gzip;
    private readonly double _brotli;
    private readonly double _zstd;
    private readonly double _identity;
    private readonly double _others;

    private AcceptedEncodings(double gzip, double brotli, double zstd, double identity, double others) =>
        (_gzip, _brotli, _zstd, _identity, _others) = (gzip, brotli, zstd, identity, others);

    /// <summary>How much the client wants gzip; 0 for not at all.</summary>
    public double Gzip => Weight(_gzip);

    /// <summary>How much the client wants Brotli; 0 for not at all.</summary>
    public double Brotli => Weight(_brotli);

    /// <summary>How much the client wants Zstandard; 0 for not at all.</summary>
    public double Zstd => Weight(_zstd);

    /// <summary>How much the client wants Zstandard by its name: one that takes anything (<c>*</c>) may be older than it.</summary>
    public double NamedZstd => Math.Max(_zstd, 0);

    /// <summary>How much the client wants an answer as it is; it takes one even then unless it says that it doesn't.</summary>
    public double Identity => _identity >= 0 ? _identity : _others == 0 ? 0 : double.Epsilon;

    /// <summary>Reads the header; a malformed element counts for nothing.</summary>
    public static AcceptedEncodings Parse(ReadOnlySpan<char> header)
    {
        var (gzip, brotli, zstd, identity, others) = (NotStated, NotStated, NotStated, NotStated, NotStated);
        foreach (var range in header.Split(','))
        {
            var element = header[range];
            var mark = element.IndexOf(';');
            var name = (mark < 0 ? element : element[..mark]).Trim();
            if ((mark < 0 ? 1 : Quality(element[(mark + 1)..])) is not { } weight)
            {
                continue;
            }

            switch (name)
            {
                case var _ when Is(name, "gzip") || Is(name, "x-gzip"):
                    gzip = weight;
                    break;
                case var _ when Is(name, "br"):
                    brotli = weight;
                    break;
                case var _ when Is(name, "zstd"):
                    zstd = weight;
                    break;
                case var _ when Is(name, "identity"):
                    identity = weight;
                    break;
                case "*":
                    others = weight;
                    break;
            }
        }

        return new AcceptedEncodings(gzip, brotli, zstd, identity, others);
    }

    private double Weight(double stated) => stated >= 0 ? stated : Math.Max(_others, 0);

    private static bool Is(ReadOnlySpan<char> name, string encoding) => name.Equals(encoding, StringComparison.OrdinalIgnoreCase);

    private static double? Quality(ReadOnlySpan<char> parameter)
    {
        var equals = parameter.IndexOf('=');
        return equals > 0
            && parameter[..equals].Trim() is "q" or "Q"
            && double.TryParse(parameter[(equals + 1)..].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            && weight <= 1
                ? weight
                : null;
    }
}
