using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Core.Operations;

/// <summary>A failed operation as the text from which the script makes its error.</summary>
internal static class OperationFailure
{
    // Field text is shown in errors and logs, never in HTML.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static OperationOutcome Describe(string name, string message, string? code = null, string? cause = null, JsonObject? fields = null)
    {
        var error = new JsonObject { ["name"] = name, ["message"] = message };
        if (code is not null)
        {
            error["code"] = code;
        }

        if (cause is not null)
        {
            error["cause"] = cause;
        }

        foreach (var (field, value) in fields ?? [])
        {
            error[field] = value?.DeepClone();
        }

        return new OperationOutcome(error.ToJsonString(Json));
    }
}
