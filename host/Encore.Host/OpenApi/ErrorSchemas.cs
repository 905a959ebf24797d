using System.Text.Json.Nodes;
using Bridge.Core.Decoding;
using Bridge.Core.Errors;
using Bridge.Core.JsonSchemas;

namespace Encore.Host.OpenApi;

/// <summary>What failed requests are answered with (contract, "Errors").</summary>
internal sealed class ErrorSchemas
{
    private const string ErrorResponse = "Error";
    private const string InvalidArgumentResponse = "InvalidArgument";
    private const string UnauthenticatedResponse = "Unauthenticated";

    private readonly string _error;
    private readonly string _violations;
    private readonly string _violation;

    /// <summary>Takes names that no type of the application has.</summary>
    public ErrorSchemas(JsonSchemaWriter schemas)
    {
        _error = schemas.UniqueName("ErrorBody");
        _violations = schemas.UniqueName("Violations");
        _violation = schemas.UniqueName("Violation");
    }

    /// <summary>The schemas, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Definitions => new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        [_error] = Body(),
        [_violations] = Violations(),
        [_violation] = Violation(),
    };

    /// <summary>Any failure.</summary>
    public static JsonObject Error() => OpenApiNodes.Reference("responses", ErrorResponse);

    /// <summary>A request that doesn't fit.</summary>
    public static JsonObject InvalidArgument() => OpenApiNodes.Reference("responses", InvalidArgumentResponse);

    /// <summary>A request without valid credentials.</summary>
    public static JsonObject Unauthenticated() => OpenApiNodes.Reference("responses", UnauthenticatedResponse);

    /// <summary>The responses that operations share.</summary>
    public JsonObject Responses(bool hasAuth)
    {
        var responses = new JsonObject
        {
            [ErrorResponse] = Response("The request failed; the code says how."),
            [InvalidArgumentResponse] = Response("The request doesn't fit; details list every violation."),
        };
        if (hasAuth)
        {
            responses[UnauthenticatedResponse] = Response("The request has no valid credentials.");
        }

        return responses;
    }

    private JsonObject Response(string description) => new()
    {
        ["description"] = description,
        ["content"] = OpenApiNodes.JsonContent(OpenApiNodes.Reference("schemas", _error)),
    };

    private JsonObject Body()
    {
        var codes = Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.Ok).Select(code => (JsonNode)JsonValue.Create(code.Name()));
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["code"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. codes]) },
                ["message"] = new JsonObject { ["type"] = "string" },
                ["details"] = new JsonObject
                {
                    ["description"] = "What else there is to know; null for nothing.",
                    ["anyOf"] = new JsonArray(
                        OpenApiNodes.Reference("schemas", _violations),
                        new JsonObject { ["type"] = "object" },
                        new JsonObject { ["type"] = "null" }),
                },
                ["internal_message"] = new JsonObject { ["type"] = "string", ["description"] = "What really happened; in development alone." },
            },
            ["required"] = new JsonArray("code", "message", "details"),
        };
    }

    private JsonObject Violations() => new()
    {
        ["type"] = "object",
        ["description"] = "The details of a request that doesn't fit.",
        ["properties"] = new JsonObject
        {
            ["violations"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = OpenApiNodes.Reference("schemas", _violation),
                ["minItems"] = 1,
                ["maxItems"] = DecodeFailure.MaxViolations,
            },
        },
        ["required"] = new JsonArray("violations"),
    };

    private static JsonObject Violation() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["in"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("path", "query", "header", "cookie", "body") },
            ["path"] = new JsonObject { ["type"] = "string", ["description"] = "A JSON pointer to the value, from its place." },
            ["rule"] = new JsonObject { ["type"] = "string", ["description"] = "What the value violates: `type`, `required`, `min`, …" },
            ["message"] = new JsonObject { ["type"] = "string" },
            ["expected"] = new JsonObject { ["type"] = "string" },
            ["got"] = new JsonObject { ["type"] = "string", ["description"] = "The value, cut short; never of a sensitive endpoint." },
        },
        ["required"] = new JsonArray("in", "path", "rule", "message"),
    };
}
