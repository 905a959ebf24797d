using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>The JSON Schema of <c>infra.config.json</c>, for editors: written from what the reader checks by, so the two can't differ.</summary>
public static class InfrastructureSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, as JSON Schema 2020-12 has it, with a line's end at its end.</summary>
    public static string Write()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "infra.config.json of encore-host",
            ["$defs"] = ConfigShape.Definitions(),
        };
        foreach (var (name, value) in InfrastructureShape.Root.ToSchema().ToArray())
        {
            schema[name] = value?.DeepClone();
        }

        return schema.ToJsonString(Indented) + "\n";
    }
}
