using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Places;

/// <summary>The fields that stand in cookies (RFC 6265 section 5.4): the handler gets each as <c>{value}</c>.</summary>
internal sealed class CookiePlace(PlaceField[] fields)
{
    /// <summary>Decodes them.</summary>
    public bool Decode(ref DecodeCursor cursor, IRequestHeaders? headers)
    {
        cursor.MoveTo(RequestPlace.Cookie);
        foreach (var field in fields)
        {
            var isDone = TryFind(headers, field.WireName, out var value)
                ? field.DecodeSingle(ref cursor, value, TextCoding.Plain)
                : field.DecodeMissing(ref cursor);
            if (!isDone)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether any of them came.</summary>
    public bool HasAny(IRequestHeaders? headers) => Array.Exists(fields, field => TryFind(headers, field.WireName, out _));

    // Of several cookies by one name the last counts, as in the model's jar.
    private static bool TryFind(IRequestHeaders? headers, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        var isFound = false;
        for (var line = 0; headers?.Find("cookie", line) is { } cookies; line++)
        {
            foreach (var range in cookies.AsSpan().Split(';'))
            {
                var pair = cookies.AsSpan()[range].Trim();
                var equals = pair.IndexOf('=');
                if (equals > 0 && pair[..equals].TrimEnd().SequenceEqual(name))
                {
                    value = pair[(equals + 1)..].TrimStart();
                    isFound = true;
                }
            }
        }

        return isFound;
    }
}
