using System.Buffers;
using System.Text.Json;

namespace Encore.Host.Http;

/// <summary>What load balancers ask: whether this process takes requests.</summary>
internal sealed class HealthEndpoint
{
    /// <summary>Where it is asked; no application's route can take its place.</summary>
    public const string Path = "/__encore/healthz";

    private readonly byte[] _healthy;
    private readonly byte[] _shuttingDown;
    private volatile bool _isShuttingDown;

    /// <param name="application">The application's name.</param>
    /// <param name="environment">The environment's name.</param>
    public HealthEndpoint(string application, string environment)
    {
        _healthy = Body("ok", "the application is up and running", application, environment);
        _shuttingDown = Body("shutting_down", "the application is shutting down", application, environment);
    }

    /// <summary>From now on the answer is 503.</summary>
    public void StartShutdown() => _isShuttingDown = true;

    /// <summary>Answers a request.</summary>
    public void Answer(RequestState request)
    {
        var isShuttingDown = _isShuttingDown;
        request.SetStatus(isShuttingDown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        ResponseWriter.WriteJson(request, isShuttingDown ? _shuttingDown : _healthy);
    }

    // The field names are those that monitoring of Encore applications reads.
    private static byte[] Body(string code, string message, string application, string environment)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteStartObject("details");
            json.WriteString("app_slug", application);
            json.WriteString("env_name", environment);
            json.WriteString("app_revision", "");
            json.WriteString("encore_compiler", Compiler.HostVersion.Generator);
            json.WriteString("deploy_id", "");
            json.WriteStartArray("checks");
            json.WriteEndArray();
            json.WriteStartArray("enabled_experiments");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
