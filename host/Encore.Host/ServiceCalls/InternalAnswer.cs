using System.Buffers;
using System.Text.Json;
using Bridge.Core.Errors;
using Encore.Host.Http;

namespace Encore.Host.ServiceCalls;

/// <summary>Writes the answers to calls of other hosts.</summary>
internal static class InternalAnswer
{
    /// <summary>Writes what the endpoint answered; empty for nothing.</summary>
    public static void WriteValue(RequestState request, ReadOnlySpan<byte> json)
    {
        request.AddHeader(CallWire.AnswerHeader, CallWire.ValueAnswer);
        request.SetStatus(StatusCodes.Status200OK);
        ResponseWriter.WriteJson(request, json);
    }

    /// <summary>Writes an error.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">The error.</param>
    /// <param name="thrown">What the handler threw, where it is that: the caller gets an <c>APIError</c> as it was, its cause apart.</param>
    /// <param name="isRefusal">Whether the host takes no such call, rather than that the endpoint failed.</param>
    public static void WriteError(RequestState request, ErrorAnswer error, HandlerError? thrown = null, bool isRefusal = false)
    {
        request.AddHeader(CallWire.AnswerHeader, isRefusal ? CallWire.RefusedAnswer : CallWire.ErrorAnswer);
        request.SetStatus(error.Status);
        var body = ResponseWriter.Rent();
        try
        {
            WriteErrorBody(body, error, thrown);
            ResponseWriter.WriteJson(request, body.Written);
        }
        finally
        {
            ResponseWriter.Return(body);
        }
    }

    /// <summary>Writes <c>{"code","message","details"?,"cause"?}</c>.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="error">The error.</param>
    /// <param name="thrown">What the handler threw, where it is that.</param>
    public static void WriteErrorBody(IBufferWriter<byte> output, ErrorAnswer error, HandlerError? thrown)
    {
        var own = thrown is { Code: not null } ? thrown : null;
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("code", error.Code.Name());
        json.WriteString("message", own?.Message ?? error.Message);
        if (!error.Details.IsEmpty)
        {
            json.WritePropertyName("details");
            json.WriteRawValue(error.Details.Span);
        }

        if (own?.CauseMessage is { } cause)
        {
            json.WriteString("cause", cause);
        }

        json.WriteEndObject();
    }
}
