using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Encore.Host.Tests.Probes;

/// <summary>One request to a golden case and what must come of it; schema-extractor/testdata/README.md describes the members.</summary>
public sealed record Probe
{
    /// <summary>Method and target: <c>POST /send?a=1</c>.</summary>
    public required string Request { get; init; }

    /// <summary>Request headers: a text each, or several.</summary>
    public Dictionary<string, JsonElement> Headers { get; init; } = [];

    /// <summary>The body, sent as the file has it.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>The body where it isn't JSON.</summary>
    public string? Text { get; init; }

    /// <summary>A handler in place of the case's: JavaScript.</summary>
    public string? Handler { get; init; }

    /// <summary>Whether the endpoint answers what its handler gets, as the request's type.</summary>
    public bool Echo { get; init; }

    /// <summary>The status; absent: 200, or 400 where there are violations.</summary>
    public int? Status { get; init; }

    /// <summary>The answer's body.</summary>
    public JsonElement? Answer { get; init; }

    /// <summary>Whether the answer's body is the request's.</summary>
    public bool Same { get; init; }

    /// <summary>Whether the answer has no body.</summary>
    public bool Empty { get; init; }

    /// <summary>Headers that the answer must have: a text each, or several.</summary>
    public Dictionary<string, JsonElement> AnswerHeaders { get; init; } = [];

    /// <summary>The violations in order: <c>body /tags/1 type</c>.</summary>
    public List<string>? Violations { get; init; }

    /// <summary>The error's message.</summary>
    public string? Message { get; init; }

    /// <summary>Differences between answer and type that the log must name, in order: <c>/tags/1 type</c>.</summary>
    public List<string>? Differences { get; init; }

    /// <summary>The expected body; null where none is expected to be compared.</summary>
    internal JsonNode? ExpectedBody => JsonNode.Parse((Same ? Body : Answer)?.GetRawText() ?? "null");

    /// <summary>Whether the body is compared.</summary>
    internal bool HasExpectedBody => Same || Answer is not null;

    /// <summary>Whether the probe asserts anything about the answer beyond its status.</summary>
    internal bool Says => HasExpectedBody || Empty || Violations is not null || Message is not null;

    /// <summary>The texts of a header.</summary>
    internal static IEnumerable<string> Lines(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(line => line.GetString() ?? "") : [value.GetString() ?? ""];
}

/// <summary>A golden case that has probes.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Entry">The entry file, in place of the whole folder.</param>
/// <param name="Packages">Packages in the application's node_modules: name → name of the package as installed in the repository.</param>
/// <param name="Probes">The probes.</param>
public sealed record ProbedCase(
    string Name, string Folder, string? Entry, IReadOnlyDictionary<string, string> Packages, IReadOnlyList<Probe> Probes)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = true,
    };

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Every case with probes, by name.</summary>
    public static IReadOnlyDictionary<string, ProbedCase> All { get; } = Directory
        .GetFiles(Path.Combine(Repository, "schema-extractor", "testdata"), "probes.json", SearchOption.AllDirectories)
        .Select(file => Read(Path.GetDirectoryName(file)!))
        .OrderBy(one => one.Name, StringComparer.Ordinal)
        .ToDictionary(one => one.Name, StringComparer.Ordinal);

    private static ProbedCase Read(string folder)
    {
        var settings = Path.Combine(folder, "case.json");
        var (entry, packages) = File.Exists(settings)
            ? JsonSerializer.Deserialize<CaseSettings>(File.ReadAllBytes(settings), JsonSerializerOptions.Web)!
            : new CaseSettings(null, null);
        var probes = JsonSerializer.Deserialize<List<Probe>>(File.ReadAllBytes(Path.Combine(folder, "probes.json")), Strict)!;
        return new ProbedCase(Path.GetFileName(folder), folder, entry, packages ?? [], probes);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bridge.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Bridge.sln.");
        }

        return folder.FullName;
    }

    private sealed record CaseSettings(string? Entry, Dictionary<string, string>? Packages);
}
