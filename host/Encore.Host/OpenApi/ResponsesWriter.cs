using System.Globalization;
using System.Text.Json.Nodes;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;
using Microsoft.AspNetCore.WebUtilities;

namespace Encore.Host.OpenApi;

/// <summary>Describes what an endpoint answers when all goes well.</summary>
internal sealed class ResponsesWriter(JsonSchemaWriter schemas)
{
    private const string Success = "200";

    // More statuses than this are no choice of the endpoint's: its type takes any.
    private const int MostStatuses = 12;

    /// <summary>The answers by status.</summary>
    public JsonObject Write(EndpointSchema endpoint) => endpoint.Kind switch
    {
        EndpointKind.Raw => new JsonObject { ["default"] = Any("Whatever the endpoint answers.") },
        EndpointKind.Static => new JsonObject { [Success] = Any("A file.") },
        EndpointKind.StreamIn or EndpointKind.StreamOut or EndpointKind.StreamInOut => new JsonObject
        {
            ["101"] = new JsonObject { ["description"] = "The connection becomes a WebSocket." },
        },
        _ => OfType(endpoint),
    };

    private static JsonObject Any(string description) => new() { ["description"] = description, ["content"] = OpenApiNodes.AnyContent() };

    private JsonObject OfType(EndpointSchema endpoint)
    {
        if (!endpoint.HasResponse)
        {
            return new JsonObject { [Success] = new JsonObject { ["description"] = "Done; the answer has no body." } };
        }

        var type = schemas.TypeOf(endpoint.Response);
        if (type.ShapeCase != TypeSchema.ShapeOneofCase.Object)
        {
            return new JsonObject { [Success] = Response(Success, type, schemas.Use(endpoint.Response), headers: null) };
        }

        var responses = new JsonObject();
        foreach (var status in Statuses(type.Object))
        {
            var isWhole = type.Object.Fields.All(IsInBody);
            var body = isWhole ? schemas.Use(endpoint.Response) : schemas.ObjectOf(type.Object, IsInBody);
            responses[status] = Response(status, type, body, Headers(type.Object));
        }

        return responses;
    }

    private static JsonObject Response(string status, TypeSchema type, JsonObject body, JsonObject? headers)
    {
        var response = new JsonObject { ["description"] = Description(status, type) };
        if (headers is { Count: > 0 })
        {
            response["headers"] = headers;
        }

        if (HasBody(status))
        {
            response["content"] = OpenApiNodes.JsonContent(body);
        }

        return response;
    }

    private static string Description(string status, TypeSchema type)
    {
        if (type.Doc.Length > 0)
        {
            return type.Doc;
        }

        var phrase = int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? ReasonPhrases.GetReasonPhrase(code) : "";
        return phrase.Length > 0 ? phrase : "The endpoint chooses the status.";
    }

    // Answers that have no body by their nature (RFC 9110 section 6.4.1).
    private static bool HasBody(string status) => status[0] != '1' && status is not ("204" or "205" or "304");

    private static bool IsInBody(Field field) => field.Wire?.Kind is not (WireKind.Header or WireKind.Cookie or WireKind.HttpStatus);

    /// <summary>The statuses that an answer can have: those of its status field's type, where that names them.</summary>
    private List<string> Statuses(ObjectShape shape)
    {
        var field = shape.Fields.FirstOrDefault(candidate => candidate.Wire?.Kind == WireKind.HttpStatus);
        if (field is null)
        {
            return [Success];
        }

        var type = schemas.TypeOf(field.Type);
        var options = type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? type.Union.Options.Select(schemas.TypeOf).ToList() : [type];
        var literals = options.Where(option => option.Literal?.ValueCase == Literal.ValueOneofCase.Number).Select(option => option.Literal.Number).ToList();
        var isNull = options.Exists(option => option.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && option.Primitive == Primitive.Null);
        var isKnown = literals.Count + (isNull ? 1 : 0) == options.Count && literals.Count <= MostStatuses
            && literals.TrueForAll(status => status is >= 100 and <= 599 && double.IsInteger(status));
        var statuses = isKnown ? literals.Select(status => status.ToString("0", CultureInfo.InvariantCulture)) : ["2XX"];
        return [.. statuses.Concat(isNull || (field.Optional && isKnown) ? [Success] : []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private JsonObject Headers(ObjectShape shape)
    {
        var headers = new JsonObject();
        foreach (var field in shape.Fields.Where(field => field.Wire?.Kind == WireKind.Header))
        {
            var header = new JsonObject();
            if (!field.Optional)
            {
                header["required"] = true;
            }

            OpenApiNodes.Describe(header, field.Doc);
            header["schema"] = schemas.Use(field.Type);
            headers.TryAdd(field.Wire.Name.Length > 0 ? field.Wire.Name : field.Name.ToLowerInvariant(), header);
        }

        var cookies = shape.Fields.Where(field => field.Wire?.Kind == WireKind.Cookie).ToList();
        if (cookies.Count > 0)
        {
            // One entry for a header that comes once for each cookie: OpenAPI has no more (OpenAPI 3.1, "Response Object").
            var names = cookies.Select(field => field.Wire.Name.Length > 0 ? field.Wire.Name : field.Name);
            headers.TryAdd("set-cookie", new JsonObject
            {
                ["description"] = $"Sets {(cookies.Count == 1 ? "the cookie" : "the cookies")} {string.Join(", ", names)}.",
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        return headers;
    }
}
