using System.Text.Json;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;

namespace Encore.Host.Http.Cors;

/// <summary>Reads <c>global_cors</c> of an application's <c>encore.app</c>.</summary>
internal static class ApplicationCors
{
    private const string FileName = "encore.app";
    private const string Section = "global_cors";

    // People comment this file.
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What the application says; nothing where there is no such file or section.</summary>
    public static CorsConfig Read(string root, LogSink log)
    {
        try
        {
            var path = Path.Combine(root, FileName);
            if (!File.Exists(path))
            {
                return new CorsConfig();
            }

            using var file = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty(Section, out var section)
                ? Bind(section)
                : new CorsConfig();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            log.Write(LogSeverity.Error, $"{FileName}: {Section} can't be read, and nothing of it holds: {error.Message}");
            return new CorsConfig();
        }
    }

    private static CorsConfig Bind(JsonElement section) => new()
    {
        Debug = section.TryGetProperty("debug", out var debug) && debug.GetBoolean(),
        AllowHeaders = Texts(section, "allow_headers") ?? [],
        ExposeHeaders = Texts(section, "expose_headers") ?? [],
        AllowOriginsWithoutCredentials = Texts(section, "allow_origins_without_credentials"),
        AllowOriginsWithCredentials = Texts(section, "allow_origins_with_credentials"),
    };

    private static string[]? Texts(JsonElement section, string name) =>
        section.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : null;
}
