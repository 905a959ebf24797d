using System.Text.Json.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.JsonSchemas;

/// <summary>What travels as an array besides arrays themselves: tuples, sets, maps.</summary>
internal static class ListSchemas
{
    /// <summary>A Set: its elements are distinct.</summary>
    public static JsonObject Of(SetShape set, JsonSchemaWriter writer) =>
        new() { ["type"] = "array", ["items"] = writer.Use(set.Element), ["uniqueItems"] = true };

    /// <summary>A Map: entries of a key and a value; entries that are the same have the same key.</summary>
    public static JsonObject Of(MapShape map, JsonSchemaWriter writer)
    {
        var entry = new JsonObject
        {
            ["type"] = "array",
            ["prefixItems"] = SchemaNodes.List([writer.Use(map.Key), writer.Use(map.Value)]),
            ["items"] = false,
            ["minItems"] = 2L,
        };
        return new JsonObject { ["type"] = "array", ["items"] = entry, ["uniqueItems"] = true };
    }

    /// <summary>A tuple.</summary>
    public static JsonObject Of(TupleShape tuple, JsonSchemaWriter writer)
    {
        // Without a rest between them, the last elements follow the first ones.
        var first = tuple.HasRest ? tuple.Elements.ToList() : [.. tuple.Elements, .. tuple.Trailing];
        var schema = SchemaNodes.Typed("array");
        if (first.Count > 0)
        {
            schema["prefixItems"] = SchemaNodes.List(first.Select(element => Element(element, writer)));
        }

        if (tuple.HasRest)
        {
            schema["items"] = SchemaNodes.AnyOf([writer.Use(tuple.Rest), .. tuple.Trailing.Select(element => writer.Use(element.Type))]);
        }
        else if (first.Count > 0)
        {
            schema["items"] = false;
        }
        else
        {
            schema["maxItems"] = 0L;
        }

        var needed = tuple.Elements.Count(element => !element.Optional) + tuple.Trailing.Count;
        if (needed > 0)
        {
            schema["minItems"] = (long)needed;
        }

        AddTrailing(schema, tuple, writer);
        return schema;
    }

    // JSON Schema counts from the first element alone. That the last ones are there at all is as much as it can say.
    private static void AddTrailing(JsonObject schema, TupleShape tuple, JsonSchemaWriter writer)
    {
        var types = tuple.HasRest ? tuple.Trailing.Select(element => element.Type).Where(type => type != tuple.Rest).Distinct().ToList() : [];
        if (types.Count > 0)
        {
            schema["allOf"] = SchemaNodes.List(types.Select(type => new JsonObject { ["contains"] = writer.Use(type) }));
        }
    }

    private static JsonObject Element(TupleElement element, JsonSchemaWriter writer)
    {
        var schema = writer.Use(element.Type);
        if (element.Label.Length > 0)
        {
            schema["title"] = element.Label;
        }

        return schema;
    }
}
