using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridge.Core.Responses;

/// <summary>Cookies that a handler sets: <c>CookieWithOptions</c> as a Set-Cookie header (RFC 6265 section 4.1).</summary>
internal static class SetCookie
{
    /// <summary>More seconds than any browser keeps a cookie for, and few enough to be exact.</summary>
    private const double MaxAgeLimit = 1e15;

    private static readonly string[] SameSites = ["Strict", "Lax", "None"];

    /// <summary>Writes the header's value.</summary>
    /// <param name="name">The cookie's name.</param>
    /// <param name="json">The handler's object.</param>
    /// <returns>Null where it isn't one, or holds what a header can't carry.</returns>
    public static string? TryWrite(string name, ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Write(name, document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Write(string name, JsonElement cookie)
    {
        if (!cookie.TryGetProperty("value", out var value) || !TryText(value, out var text))
        {
            return null;
        }

        var header = new StringBuilder().Append(name).Append('=').Append(text);
        var isValid = AppendFlag(header, cookie, "httpOnly", "HttpOnly")
            && AppendSameSite(header, cookie)
            && AppendFlag(header, cookie, "partitioned", "Partitioned")
            && AppendFlag(header, cookie, "secure", "Secure")
            && Append(header, cookie, "path", "Path")
            && Append(header, cookie, "domain", "Domain")
            && AppendMaxAge(header, cookie)
            && AppendDate(header, cookie);
        return isValid && HeaderValue.IsSafe(header.ToString()) ? header.ToString() : null;
    }

    private static bool TryText(JsonElement value, out string text)
    {
        text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => ";",
        };
        return !text.Contains(';', StringComparison.Ordinal);
    }

    private static bool Append(StringBuilder header, JsonElement cookie, string property, string attribute)
    {
        if (!cookie.TryGetProperty(property, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var isText = TryText(value, out var text);
        header.Append("; ").Append(attribute).Append('=').Append(text);
        return isText;
    }

    private static bool AppendFlag(StringBuilder header, JsonElement cookie, string property, string attribute)
    {
        if (cookie.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True)
        {
            header.Append("; ").Append(attribute);
        }

        return true;
    }

    private static bool AppendSameSite(StringBuilder header, JsonElement cookie)
    {
        if (!cookie.TryGetProperty("sameSite", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var known = value.ValueKind == JsonValueKind.String
            ? Array.Find(SameSites, name => value.ValueEquals(name))
            : null;
        header.Append("; SameSite=").Append(known);
        return known is not null;
    }

    // Browsers ignore the attribute where it isn't a whole number of seconds.
    private static bool AppendMaxAge(StringBuilder header, JsonElement cookie)
    {
        if (!cookie.TryGetProperty("maxAge", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || Math.Abs(seconds) > MaxAgeLimit)
        {
            return false;
        }

        header.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)seconds}");
        return true;
    }

    private static bool AppendDate(StringBuilder header, JsonElement cookie)
    {
        if (!cookie.TryGetProperty("expires", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || !TryReadDate(value, out var expires))
        {
            return false;
        }

        header.Append(CultureInfo.InvariantCulture, $"; Expires={expires.UtcDateTime:R}");
        return true;
    }

    /// <summary>Reads what <c>toJSON</c> or, of a text that is an HTTP date already, <c>toUTCString</c> writes.</summary>
    private static bool TryReadDate(JsonElement value, out DateTimeOffset date) =>
        value.TryGetDateTimeOffset(out date)
        || DateTimeOffset.TryParseExact(value.GetString(), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
}
