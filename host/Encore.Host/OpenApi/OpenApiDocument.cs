using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Encore.Host.OpenApi;

/// <summary>A description of an application's HTTP interface.</summary>
/// <param name="Root">The OpenAPI document.</param>
/// <param name="Operations">How many operations it describes.</param>
/// <param name="Omissions">What the application answers and OpenAPI can't describe, a sentence each.</param>
public sealed record OpenApiDocument(JsonObject Root, int Operations, IReadOnlyList<string> Omissions)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document as text: two spaces, one line feed at the end.</summary>
    public string ToText() => Root.ToJsonString(Indented) + "\n";
}
