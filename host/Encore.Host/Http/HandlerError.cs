using System.Text;
using System.Text.Json;
using Bridge.Core.Errors;

namespace Encore.Host.Http;

/// <summary>An error that a handler threw, as the isolate describes it.</summary>
/// <param name="Name">The error's name, such as <c>TypeError</c>.</param>
/// <param name="Message">Its message.</param>
/// <param name="Stack">Its stack, mapped to sources; "" if it has none.</param>
/// <param name="Code">Its code if it is an <c>APIError</c>, else null.</param>
/// <param name="Details">Its details: UTF-8 JSON; empty if it has none.</param>
/// <param name="CauseMessage">Its cause's message, if it has a cause.</param>
internal sealed record HandlerError(
    string Name, string Message, string Stack, ErrorCode? Code, ReadOnlyMemory<byte> Details, string? CauseMessage)
{
    private const string HiddenMessage = "an internal error occurred";

    /// <summary>Who made the call; null for nobody.</summary>
    public string? UserId { get; init; }

    /// <summary>Whether the auth handler ended the call, and the endpoint was never asked.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>The whole text, for the log.</summary>
    public string Text => Code is null ? $"{Name}: {Message}" : PublicMessage;

    private string PublicMessage => string.IsNullOrEmpty(CauseMessage) ? Message : $"{Message}: {CauseMessage}";

    /// <summary>Reads <c>{"name","message","stack","code"?,"details"?,"cause"?,"uid"?,"refused"?}</c>.</summary>
    public static HandlerError Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var error = document.RootElement;
        return new HandlerError(
            TextOf(error, "name") ?? "Error",
            TextOf(error, "message") ?? "",
            TextOf(error, "stack") ?? "",
            TextOf(error, "code") is { } code ? ErrorCodes.Parse(code) : null,
            error.TryGetProperty("details", out var details) && details.ValueKind != JsonValueKind.Null
                ? Encoding.UTF8.GetBytes(details.GetRawText())
                : default(ReadOnlyMemory<byte>),
            error.TryGetProperty("cause", out var cause) ? TextOf(cause, "message") : null)
        {
            UserId = TextOf(error, "uid"),
            IsRefusal = error.TryGetProperty("refused", out var refused) && refused.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>What the client sees of it: an <c>APIError</c> as it is, of anything else only that it happened.</summary>
    /// <param name="showInternals">Whether this is development, where clients see the text as <c>internal_message</c>.</param>
    public ErrorAnswer ToAnswer(bool showInternals) =>
        Code is { } code and not ErrorCode.Ok
            ? new ErrorAnswer(code, PublicMessage) { Details = Details, IsFromGateway = IsRefusal }
            : new ErrorAnswer(ErrorCode.Internal, HiddenMessage) { InternalMessage = showInternals ? Text : null };

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
