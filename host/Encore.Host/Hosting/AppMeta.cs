using System.Net;
using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Configuration;

namespace Encore.Host.Hosting;

/// <summary>Says what application this is and where it runs: what <c>appMeta()</c> returns.</summary>
internal static class AppMeta
{
    /// <summary>The description as JSON.</summary>
    /// <param name="application">The application.</param>
    /// <param name="environment">What it runs for.</param>
    /// <param name="address">Where clients reach it.</param>
    public static string Describe(LoadedApplication application, HostEnvironment environment, IPEndPoint? address)
    {
        var isDevelopment = environment == HostEnvironment.Development;
        using var text = new PooledBuffer();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("appId", application.Name);
            json.WriteString("apiBaseUrl", $"http://{address}");
            json.WriteStartObject("environment");
            json.WriteString("name", isDevelopment ? "local" : "production");
            json.WriteString("type", isDevelopment ? "development" : "production");
            json.WriteString("cloud", "local");
            json.WriteEndObject();
            json.WriteStartObject("build");
            json.WriteString("revision", Convert.ToHexStringLower((application.Schema.Build ?? new Build()).BundleSha256.Span));
            json.WriteBoolean("uncommittedChanges", isDevelopment);
            json.WriteEndObject();
            json.WriteStartObject("deploy");
            json.WriteString("id", "");
            WriteServices(json, application);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    private static void WriteServices(Utf8JsonWriter json, LoadedApplication application)
    {
        json.WriteStartObject("hostedServices");
        foreach (var service in application.Schema.Services)
        {
            json.WriteStartObject(service.Name);
            json.WriteString("name", service.Name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
