using System.Text.Json.Serialization;
using Encore.Host.Diagnostics;

namespace Encore.Host.Compiler.Extraction;

/// <summary>What to extract; mirrors <c>OpenRequest</c> of schema-extractor's protocol.ts.</summary>
internal sealed record ExtractRequest(
    int Protocol,
    string Root,
    string? Entry,
    string SdkPath,
    string LibPath,
    string Generator,
    bool CaseSensitive);

/// <summary>What a check gives; mirrors <c>CheckResult</c>.</summary>
internal sealed record CheckResult(
    IReadOnlyList<CheckDiagnostic> Diagnostics,
    string? Artifact,
    string Name,
    IReadOnlyList<string> Modules,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Folders,
    IReadOnlyList<GeneratedFile> Generated,
    string? ConfigFile,
    CheckTimings Timings);

/// <summary>A file made of the application itself; mirrors <c>GeneratedFile</c>.</summary>
internal sealed record GeneratedFile(string Path, string Text);

/// <summary>Milliseconds spent; mirrors <c>CheckResult.timings</c>.</summary>
internal sealed record CheckTimings(double Program, double Check, double Extract);

/// <summary>One finding; mirrors <c>Diagnostic</c>.</summary>
internal sealed record CheckDiagnostic(
    string Severity,
    string Code,
    SourceSpan? Span,
    string? Member,
    string Message,
    string? Help,
    IReadOnlyList<RelatedPlace> Related)
{
    /// <summary>The finding as the program shows it.</summary>
    public Diagnostic ToDiagnostic() =>
        new(Severity == "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, Code, Message, Span, Member, Help) { Related = Related };
}

/// <summary>Names in a folder; mirrors the answer of <c>CompilerFiles.listDirectory</c>.</summary>
internal sealed record DirectoryListing(IReadOnlyList<string> Files, IReadOnlyList<string> Directories);

/// <summary>JSON of the protocol without reflection, which would cost start-up time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExtractRequest))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(DirectoryListing))]
internal sealed partial class ExtractorJson : JsonSerializerContext;
