using System.Text.Json.Nodes;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>What a request brings.</summary>
/// <param name="Parameters">Parameters of path, query, headers and cookies.</param>
/// <param name="Body">The body; null where none is read.</param>
/// <param name="IsValidated">Whether a request can be refused for what it brings.</param>
internal sealed record RequestDescription(JsonArray Parameters, JsonObject? Body, bool IsValidated);

/// <summary>Describes what an endpoint's requests bring, and where (contract, "A request's way").</summary>
internal sealed class RequestWriter(JsonSchemaWriter schemas)
{
    /// <summary>Describes a request.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">The method: it says where fields travel that don't say it themselves.</param>
    /// <param name="pathNames">The names of the path's parameters, in order.</param>
    public RequestDescription Write(EndpointSchema endpoint, string method, IReadOnlyList<string> pathNames)
    {
        var segments = EndpointPath.Of(endpoint).Parameters;
        if (!endpoint.HasRequest)
        {
            var takesAny = endpoint.Kind == EndpointKind.Raw && method is "POST" or "PUT" or "PATCH";
            var body = takesAny ? new JsonObject { ["content"] = OpenApiNodes.AnyContent() } : null;
            return new RequestDescription([.. pathNames.Select(name => PathParameter(name, field: null))], body, IsValidated: false);
        }

        var type = schemas.TypeOf(endpoint.Request);
        if (type.ShapeCase != TypeSchema.ShapeOneofCase.Object)
        {
            return new RequestDescription(
                [.. pathNames.Select(name => PathParameter(name, field: null))], Body(schemas.Use(endpoint.Request), isRequired: true), IsValidated: true);
        }

        var places = new FieldPlaces(segments, method);
        var parameters = new JsonArray();
        for (var index = 0; index < segments.Count; index++)
        {
            var name = segments[index].Value;
            parameters.Add((JsonNode)PathParameter(pathNames[index], type.Object.Fields.FirstOrDefault(field => field.Name == name && places.Of(field) == FieldPlace.Path)));
        }

        foreach (var field in type.Object.Fields.Where(field => places.Of(field) is FieldPlace.Query or FieldPlace.Header or FieldPlace.Cookie))
        {
            parameters.Add((JsonNode)Parameter(field, places.Of(field)));
        }

        return new RequestDescription(parameters, ObjectBody(endpoint.Request, type.Object, places), IsValidated: type.Object.Fields.Count > 0 || places.IsBodyDefault);
    }

    private JsonObject? ObjectBody(uint id, ObjectShape shape, FieldPlaces places)
    {
        var inBody = shape.Fields.Where(field => places.Of(field) == FieldPlace.Body).ToList();
        var isOpen = places.IsBodyDefault && (shape.HasAdditional || shape.Patterns.Count > 0);
        if (inBody.Count == 0 && !isOpen)
        {
            return null;
        }

        var schema = inBody.Count == shape.Fields.Count ? schemas.Use(id) : schemas.ObjectOf(shape, field => places.Of(field) == FieldPlace.Body);
        return Body(schema, inBody.Exists(field => !field.Optional));
    }

    private static JsonObject Body(JsonObject schema, bool isRequired)
    {
        var body = new JsonObject { ["content"] = OpenApiNodes.JsonContent(schema) };
        if (isRequired)
        {
            body["required"] = true;
        }

        return body;
    }

    private JsonObject PathParameter(string name, Field? field)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true };
        OpenApiNodes.Describe(parameter, field?.Doc ?? "");
        parameter["schema"] = field is null ? new JsonObject { ["type"] = "string" } : schemas.Use(field.Type);
        return parameter;
    }

    private JsonObject Parameter(Field field, FieldPlace place)
    {
        var name = field.Wire is { Name.Length: > 0 } wire ? wire.Name : field.Name;
        var parameter = new JsonObject { ["name"] = name, ["in"] = place.ToString().ToLowerInvariant() };
        if (!field.Optional)
        {
            parameter["required"] = true;
        }

        OpenApiNodes.Describe(parameter, field.Doc);
        var schema = schemas.Use(place == FieldPlace.Cookie ? CookieValue(field.Type) : field.Type);
        if (field.HasDefaultJson)
        {
            schema["default"] = JsonNode.Parse(field.DefaultJson);
        }

        parameter["schema"] = schema;
        return parameter;
    }

    // A cookie's type is an object whose value travels and whose other fields are for answers alone.
    private uint CookieValue(uint type) => schemas.TypeOf(type).Object?.Fields.FirstOrDefault(field => field.Name == "value")?.Type ?? type;
}
