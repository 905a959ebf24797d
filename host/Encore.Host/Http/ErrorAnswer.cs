using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Errors;

namespace Encore.Host.Http;

/// <summary>An error as a client sees it: <c>{"code","message","details"}</c>.</summary>
/// <param name="Code">Its code; sets the HTTP status.</param>
/// <param name="Message">What the client may know.</param>
internal sealed record ErrorAnswer(ErrorCode Code, string Message)
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The HTTP status, where it is another than the code's.</summary>
    public int Status { get; init; } = Code.HttpStatus();

    /// <summary>More about the error: UTF-8 JSON; empty for null.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>What only developers may know: set in development alone.</summary>
    public string? InternalMessage { get; init; }

    /// <summary>Whether the host itself refuses the request, rather than the application: such answers are never cached.</summary>
    public bool IsFromGateway { get; init; }

    /// <summary>The methods that the path has, for the Allow header.</summary>
    public string? Allow { get; init; }

    /// <summary>Writes the body.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, WriterOptions);
        json.WriteStartObject();
        json.WriteString("code"u8, Code.Name());
        json.WriteString("message"u8, Message);
        json.WritePropertyName("details"u8);
        if (Details.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(Details.Span, skipInputValidation: true);
        }

        if (InternalMessage is not null)
        {
            json.WriteString("internal_message"u8, InternalMessage);
        }

        json.WriteEndObject();
    }
}
