using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Errors;

namespace Bridge.Core.Decoding;

/// <summary>Why a request can't be handed to its handler.</summary>
/// <param name="Code">The code of the answer.</param>
/// <param name="Message">The answer's message: the first violation, in the words of the place it stands in.</param>
/// <param name="Violations">Every violation found, at most <see cref="MaxViolations"/>, in the order of the request; never empty.</param>
public sealed record DecodeFailure(ErrorCode Code, string Message, IReadOnlyList<Violation> Violations)
{
    /// <summary>Violations listed at most; the search ends with the last of them.</summary>
    public const int MaxViolations = 100;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the answer's <c>details</c>: <c>{"violations":[{"in","path","rule","message","expected","got"}, …]}</c>.</summary>
    public void WriteDetails(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteStartArray("violations"u8);
        foreach (var violation in Violations)
        {
            writer.WriteStartObject();
            writer.WriteString("in"u8, PlaceName(violation.In));
            writer.WriteString("path"u8, violation.Path);
            writer.WriteString("rule"u8, violation.Rule);
            writer.WriteString("message"u8, violation.Message);
            WriteUnlessNull(writer, "expected"u8, violation.Expected);
            WriteUnlessNull(writer, "got"u8, violation.Got);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static ReadOnlySpan<byte> PlaceName(RequestPlace place) => place switch
    {
        RequestPlace.Path => "path"u8,
        RequestPlace.Query => "query"u8,
        RequestPlace.Header => "header"u8,
        RequestPlace.Cookie => "cookie"u8,
        _ => "body"u8,
    };
}
