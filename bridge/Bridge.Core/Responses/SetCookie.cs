using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridge.Core.Responses;

/// <summary>Cookies that a handler sets: <c>CookieWithOptions</c> as a Set-Cookie header (RFC 6265 section 4.1).</summary>
internal static class SetCookie
{
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
            && Append(header, cookie, "sameSite", "SameSite")
            && AppendFlag(header, cookie, "partitioned", "Partitioned")
            && AppendFlag(header, cookie, "secure", "Secure")
            && Append(header, cookie, "path", "Path")
            && Append(header, cookie, "domain", "Domain")
            && Append(header, cookie, "maxAge", "Max-Age")
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

    private static bool AppendDate(StringBuilder header, JsonElement cookie)
    {
        if (!cookie.TryGetProperty("expires", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || !value.TryGetDateTimeOffset(out var expires))
        {
            return false;
        }

        header.Append(CultureInfo.InvariantCulture, $"; Expires={expires.UtcDateTime:R}");
        return true;
    }
}
