using System.Text.Json.Nodes;

namespace Encore.Host.OpenApi;

/// <summary>Building blocks of a description.</summary>
internal static class OpenApiNodes
{
    /// <summary>Says what something is, where there is anything to say.</summary>
    public static void Describe(JsonObject node, string text)
    {
        if (text.Length > 0)
        {
            node["description"] = text;
        }
    }

    /// <summary>A reference to a part of the document.</summary>
    public static JsonObject Reference(string section, string name) => new() { ["$ref"] = $"#/components/{section}/{name}" };

    /// <summary>A body of JSON.</summary>
    public static JsonObject JsonContent(JsonObject schema) =>
        new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    /// <summary>A body of whatever kind.</summary>
    public static JsonObject AnyContent() => new() { ["*/*"] = new JsonObject() };
}
