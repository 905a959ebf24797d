using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Core.JsonSchemas;

/// <summary>Building blocks of schemas.</summary>
internal static class SchemaNodes
{
    /// <summary>A schema of one type.</summary>
    public static JsonObject Typed(string type) => new() { ["type"] = type };

    /// <summary>A schema of one type with one more keyword.</summary>
    public static JsonObject Typed(string type, string keyword, JsonNode? value) => new() { ["type"] = type, [keyword] = value };

    /// <summary>A list of nodes without parents.</summary>
    public static JsonArray List(IEnumerable<JsonNode?> nodes) => [.. nodes];

    /// <summary>A list of texts.</summary>
    public static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];

    /// <summary>Either of several schemas, each once; the schema itself where there is one.</summary>
    public static JsonObject AnyOf(IEnumerable<JsonObject> schemas, string keyword = "anyOf")
    {
        var distinct = schemas.DistinctBy(schema => schema.ToJsonString(), StringComparer.Ordinal).ToList();
        return distinct.Count == 1 ? distinct[0] : new JsonObject { [keyword] = List(distinct) };
    }

    /// <summary>A number as JSON writes it.</summary>
    /// <param name="digits">The digits of a bigint or decimal.</param>
    /// <returns>Null where JSON has no such notation.</returns>
    public static JsonNode? Number(string digits)
    {
        try
        {
            var number = JsonNode.Parse(digits);
            return number?.GetValueKind() == JsonValueKind.Number ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Adds keywords to a schema: what it has already stays, and both must hold.</summary>
    public static void Add(JsonObject schema, JsonObject keywords)
    {
        var clashing = new JsonObject();
        foreach (var (keyword, value) in keywords.ToList())
        {
            keywords.Remove(keyword);
            if (!schema.ContainsKey(keyword) || IsInteger(keyword, value))
            {
                schema[keyword] = value;
            }
            else if (Tighter(keyword, schema[keyword], value) is { } tighter)
            {
                schema[keyword] = tighter;
            }
            else if (keyword == "allOf")
            {
                Append(schema, value!.AsArray()); // Justification: only lists stand under allOf.
            }
            else
            {
                clashing[keyword] = value;
            }
        }

        if (clashing.Count > 0)
        {
            Append(schema, [clashing]);
        }
    }

    private static bool IsInteger(string keyword, JsonNode? value) => keyword == "type" && value?.GetValue<string>() == "integer";

    private static void Append(JsonObject schema, JsonArray more)
    {
        var all = schema["allOf"]?.AsArray();
        if (all is null)
        {
            schema["allOf"] = all = [];
        }

        foreach (var item in more.ToList())
        {
            more.Remove(item);
            all.Add(item);
        }
    }

    // Of two bounds on a length the narrower says both.
    private static JsonNode? Tighter(string keyword, JsonNode? one, JsonNode? other) => keyword switch
    {
        "minItems" or "minLength" => Math.Max(one!.GetValue<long>(), other!.GetValue<long>()), // Justification: lengths are written here alone.
        "maxItems" or "maxLength" => Math.Min(one!.GetValue<long>(), other!.GetValue<long>()),
        "uniqueItems" => true,
        _ => null,
    };
}
