namespace Bridge.Core.JsonSchemas;

/// <summary>What differs between the documents that schemas stand in.</summary>
/// <param name="DefinitionPrefix">What precedes a definition's name in a reference to it.</param>
/// <param name="HasDiscriminators">Whether a tagged union is <c>oneOf</c> with OpenAPI's <c>discriminator</c>, else <c>anyOf</c>.</param>
public sealed record JsonSchemaStyle(string DefinitionPrefix, bool HasDiscriminators)
{
    /// <summary>A JSON Schema document of its own.</summary>
    public static JsonSchemaStyle Plain { get; } = new("#/$defs/", HasDiscriminators: false);

    /// <summary>The schemas of an OpenAPI document.</summary>
    public static JsonSchemaStyle OpenApi { get; } = new("#/components/schemas/", HasDiscriminators: true);
}
