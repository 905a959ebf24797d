using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Postgres.Tests.Values.RoundTrips;

/// <summary>Sends a value that came back again, as a script would that got it and inserts it.</summary>
internal static class Returned
{
    private const int LowerInclusive = 1;
    private const int UpperInclusive = 2;

    /// <summary>The value as a parameter.</summary>
    /// <param name="value">As it crossed.</param>
    /// <param name="kind">The column's kind.</param>
    /// <param name="isJson">Whether it is, or its elements are, JSON.</param>
    internal static string Operand(JsonElement value, JsonElement kind, bool isJson)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "null";
        }

        return kind.ValueKind == JsonValueKind.Array ? Structure(value, kind, isJson) : isJson ? Json(value) : Scalar(value, kind.GetString()!);
    }

    private static string Scalar(JsonElement value, string kind) => (kind, value.ValueKind) switch
    {
        ("n" or "f" or "d" or "m", JsonValueKind.String) => $"[\"{kind}\",{value.GetRawText()}]",
        ("d", _) => $"[\"d\",{value.GetRawText()}]",
        ("b", _) => $"[\"b\",{value.GetProperty("at")},{value.GetProperty("length")}]",
        ("h", _) => Tagged(value.GetRawText()),
        (_, JsonValueKind.Array) => List(value.EnumerateArray().Select(element => element.GetRawText())),
        _ => value.GetRawText(),
    };

    private static string Json(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Tagged(value.GetRawText()),
        JsonValueKind.Array => List(value.EnumerateArray().Select(JsonItem)),
        JsonValueKind.String => JsonValue.Create(value.GetRawText()).ToJsonString(),
        _ => value.GetRawText(),
    };

    // Within JSON a string is itself.
    private static string JsonItem(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetRawText() : Json(value);

    private static string Structure(JsonElement value, JsonElement kind, bool isJson)
    {
        switch (kind[0].GetString())
        {
            case "a":
                return List(value.EnumerateArray().Select(element =>
                    element.ValueKind == JsonValueKind.Array && !isJson ? Structure(element, kind, isJson) : Operand(element, kind[1], isJson)));
            case "o":
                return List(value.GetProperty("fields").EnumerateArray().Zip(kind[1].EnumerateArray(), (field, described) => Operand(field, described[1], isJson)));
            default:
                return Range(value, kind[1].GetString()!);
        }
    }

    private static string Range(JsonElement value, string bound)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return Tagged("{\"empty\":true}");
        }

        var flags = value.GetProperty("flags").GetInt32();
        return Tagged(new JsonObject
        {
            ["lower"] = Bound(value.GetProperty("lower"), bound),
            ["upper"] = Bound(value.GetProperty("upper"), bound),
            ["lowerInclusive"] = (flags & LowerInclusive) != 0,
            ["upperInclusive"] = (flags & UpperInclusive) != 0,
        }.ToJsonString());
    }

    private static JsonNode? Bound(JsonElement value, string kind) => kind == "d" && value.ValueKind == JsonValueKind.Number
        ? DateTimeOffset.FromUnixTimeMilliseconds(value.GetInt64()).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
        : JsonNode.Parse(value.GetRawText());

    private static string List(IEnumerable<string> operands) => $"[\"a\",[{string.Join(',', operands)}]]";

    private static string Tagged(string json) => $"[\"j\",{JsonValue.Create(json).ToJsonString()}]";
}
