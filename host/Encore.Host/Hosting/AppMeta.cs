using System.Net;
using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.ServiceCalls;

namespace Encore.Host.Hosting;

/// <summary>Says what application this is and where it runs: what <c>appMeta()</c> returns.</summary>
internal static class AppMeta
{
    /// <summary>The description as JSON.</summary>
    /// <param name="application">The application.</param>
    /// <param name="options">What it runs for; its infrastructure's metadata beat what the host finds out by itself.</param>
    /// <param name="placement">Which services run here.</param>
    /// <param name="address">Where the host listens.</param>
    public static string Describe(LoadedApplication application, HttpHostOptions options, ServicePlacement placement, IPEndPoint? address)
    {
        var isDevelopment = options.Environment == HostEnvironment.Development;
        var known = options.Infrastructure.Metadata;
        var scheme = options.Infrastructure.Http.Tls is null ? "http" : "https";
        using var text = new PooledBuffer();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("appId", known.AppId ?? application.Name);
            json.WriteString("apiBaseUrl", known.BaseUrl?.TrimEnd('/') ?? $"{scheme}://{address}");
            json.WriteStartObject("environment");
            json.WriteString("name", known.EnvName ?? (isDevelopment ? "local" : "production"));
            json.WriteString("type", known.EnvType ?? (isDevelopment ? "development" : "production"));
            json.WriteString("cloud", known.Cloud ?? "local");
            json.WriteEndObject();
            json.WriteStartObject("build");
            json.WriteString("revision", Convert.ToHexStringLower((application.Schema.Build ?? new Build()).BundleSha256.Span));
            json.WriteBoolean("uncommittedChanges", isDevelopment);
            json.WriteEndObject();
            json.WriteStartObject("deploy");
            json.WriteString("id", "");
            WriteServices(json, application, placement);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    private static void WriteServices(Utf8JsonWriter json, LoadedApplication application, ServicePlacement placement)
    {
        json.WriteStartObject("hostedServices");
        foreach (var (id, service) in application.Schema.Services.Index().Where(service => placement.IsHosted((uint)service.Index)))
        {
            json.WriteStartObject(service.Name);
            json.WriteString("name", service.Name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
