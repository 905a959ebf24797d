using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Errors;

namespace Bridge.Core.Responses;

/// <summary>The body of every answer that is an error: <c>{"code","message","details"}</c>.</summary>
public static class ErrorBody
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the body.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="code">The code.</param>
    /// <param name="message">The public message.</param>
    /// <param name="details">JSON for <c>details</c>, trusted to be that; empty writes null.</param>
    /// <param name="internalMessage">What really happened; only given in development, and left out when null.</param>
    public static void Write(
        IBufferWriter<byte> output, ErrorCode code, string message, ReadOnlySpan<byte> details = default, string? internalMessage = null)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteString("code"u8, code.Name());
        writer.WriteString("message"u8, message);
        if (internalMessage is not null)
        {
            writer.WriteString("internal_message"u8, internalMessage);
        }

        writer.WritePropertyName("details"u8);
        writer.WriteRawValue(details.IsEmpty ? "null"u8 : details, skipInputValidation: true);
        writer.WriteEndObject();
    }
}
