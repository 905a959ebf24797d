using System.Text.Json;

namespace Encore.Host.Tests.Http;

/// <summary>An answer as it came over the socket.</summary>
internal sealed record RawResponse(int Status, ILookup<string, string> Headers, string Body)
{
    public string? Trace => this["x-encore-trace-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? this[string header] => Headers[header].SingleOrDefault();

    /// <summary>Asserts an error body: these three fields, in this order, as JSON, with a trace.</summary>
    public void AssertError(int status, string code, string message)
    {
        Assert.Equal((status, code, message), (Status, Json.GetProperty("code").GetString(), Json.GetProperty("message").GetString()));
        Assert.True(Json.TryGetProperty("details", out _));
        Assert.Equal("application/json", this["Content-Type"]);
        Assert.Matches("^[0-9a-v]{26}$", Trace);
    }

    /// <summary>Asserts an error of the host itself, which no cache may keep.</summary>
    public void AssertRefusal(int status, string code, string message)
    {
        AssertError(status, code, message);
        Assert.Equal("private, no-store", this["Cache-Control"]);
    }
}
