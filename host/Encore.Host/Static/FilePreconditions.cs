using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Static;

/// <summary>What a request makes its answer depend on (RFC 9110, section 13.2.2).</summary>
internal static class FilePreconditions
{
    /// <summary>Evaluates them.</summary>
    /// <returns>200 to go on, 304 or 412.</returns>
    public static int Evaluate(IHeaderDictionary headers, StaticFile file)
    {
        if (headers.IfMatch.Count > 0)
        {
            if (!Names(headers.IfMatch, file.Tag, isStrong: true))
            {
                return StatusCodes.Status412PreconditionFailed;
            }
        }
        else if (Date(headers.IfUnmodifiedSince) is { } unmodified && file.LastModified > unmodified)
        {
            return StatusCodes.Status412PreconditionFailed;
        }

        if (headers.IfNoneMatch.Count > 0)
        {
            return Names(headers.IfNoneMatch, file.Tag, isStrong: false) ? StatusCodes.Status304NotModified : StatusCodes.Status200OK;
        }

        return Date(headers.IfModifiedSince) is { } modified && file.LastModified <= modified ? StatusCodes.Status304NotModified : StatusCodes.Status200OK;
    }

    /// <summary>Whether a range may be sent: If-Range is missing, or names the very file there is (section 13.1.5).</summary>
    public static bool AllowsRange(IHeaderDictionary headers, StaticFile file) =>
        headers.IfRange.Count == 0
        || string.Equals(headers.IfRange.ToString(), file.Tag, StringComparison.Ordinal)
        || Date(headers.IfRange) == file.LastModified;

    // Tags hold no commas of ours; one with a comma in it is not ours, and its parts are none either.
    private static bool Names(StringValues tags, string tag, bool isStrong)
    {
        foreach (var line in tags)
        {
            var list = line.AsSpan();
            foreach (var range in list.Split(','))
            {
                var candidate = list[range].Trim();
                if (!isStrong && candidate.StartsWith("W/"))
                {
                    candidate = candidate[2..];
                }

                if (candidate is "*" || candidate.SequenceEqual(tag))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static DateTimeOffset? Date(StringValues header) =>
        header.Count == 1 && DateTimeOffset.TryParseExact(header[0], "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;
}
