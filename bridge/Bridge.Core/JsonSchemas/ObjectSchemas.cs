using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>Objects and records.</summary>
internal sealed class ObjectSchemas(JsonSchemaWriter writer)
{
    private readonly KeySchemas _keys = new(writer);

    /// <summary>The schema of an object.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="isIncluded">Whether a declared field belongs to it.</param>
    public JsonObject Of(ObjectShape shape, Func<Field, bool> isIncluded)
    {
        var schema = SchemaNodes.Typed("object");
        var fields = shape.Fields.Where(isIncluded).ToList();
        if (fields.Count > 0)
        {
            schema["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, Property(field))));
        }

        var required = fields.Where(field => !field.Optional).Select(field => field.Name).ToList();
        if (required.Count > 0)
        {
            schema["required"] = SchemaNodes.List(required);
        }

        if (shape.Patterns.Count > 0)
        {
            schema["patternProperties"] = Patterns(shape, fields);
        }

        if (shape.HasAdditional)
        {
            schema["additionalProperties"] = writer.Use(shape.Additional);
        }

        return schema;
    }

    /// <summary>The schema of a record.</summary>
    public JsonObject Of(RecordShape shape)
    {
        var schema = SchemaNodes.Typed("object");
        if (shape.HasKey && _keys.Schema(shape.Key) is { } key)
        {
            schema["propertyNames"] = key;
        }

        schema["additionalProperties"] = writer.Use(shape.Value);
        return schema;
    }

    private JsonObject Property(Field field)
    {
        var schema = writer.Use(field.Type);
        if (field.Doc.Length > 0)
        {
            schema["description"] = field.Doc;
        }

        if (field.HasDefaultJson)
        {
            schema["default"] = DefaultOf(field);
        }

        return schema;
    }

    private static JsonNode? DefaultOf(Field field)
    {
        try
        {
            return JsonNode.Parse(field.DefaultJson);
        }
        catch (JsonException error)
        {
            throw new Decoding.SchemaException($"The default of the field {field.Name} is not JSON.", error);
        }
    }

    /// <summary>
    /// In an artifact a field is of the first kind that fits: declared, then pattern by pattern; in JSON Schema every pattern that fits holds.
    /// What comes first is therefore taken out of what comes later, where they can meet.
    /// </summary>
    private JsonObject Patterns(ObjectShape shape, List<Field> fields)
    {
        var schema = new JsonObject();
        var earlier = new List<string>();
        foreach (var pattern in shape.Patterns)
        {
            var key = _keys.Pattern(pattern.Key);
            var declared = fields.Where(field => Fits(field.Name, key)).Select(field => UnicodePattern.Literal(field.Name)).ToList();
            var excluded = earlier.Select(other => $"[\\s\\S]*(?:{other})").ToList();
            if (declared.Count > 0)
            {
                excluded.Add($"(?:{string.Join('|', declared)})$");
            }

            var own = excluded.Count == 0 ? key : $"^{string.Concat(excluded.Select(other => $"(?!{other})"))}(?=[\\s\\S]*(?:{key}))";
            schema.TryAdd(own, writer.Use(pattern.Value));
            earlier.Add(key);
        }

        return schema;
    }

    // To take out a name that doesn't fit anyway changes nothing: where .NET can't tell, it is taken out.
    private static bool Fits(string name, string pattern)
    {
        try
        {
            return Regex.IsMatch(name, pattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return true;
        }
    }
}
