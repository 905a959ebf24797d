using Microsoft.ClearScript;

namespace Bridge.V8;

/// <summary>Answers every import: a bundle holds all it needs, so nothing may be loaded.</summary>
internal sealed class V8ImportRefusal : DocumentLoader
{
    public override Task<Document> LoadDocumentAsync(
        DocumentSettings settings, DocumentInfo? sourceInfo, string specifier, DocumentCategory category, DocumentContextCallback contextCallback) =>
        throw new NotSupportedException($"Cannot import '{specifier}': modules are bundled before they run, and this one isn't in the bundle.");
}
