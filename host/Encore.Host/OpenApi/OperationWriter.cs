using System.Text.Json.Nodes;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>Describes an endpoint under one of its methods.</summary>
internal sealed class OperationWriter(Application application, JsonSchemaWriter schemas)
{
    /// <summary>The name of what authenticated endpoints require.</summary>
    public const string SecurityScheme = "auth";

    private readonly ResponsesWriter _responses = new(schemas);
    private readonly RequestWriter _requests = new(schemas);

    /// <summary>What failed requests are answered with.</summary>
    public ErrorSchemas Errors { get; } = new(schemas);

    /// <summary>An endpoint's name, unique in its application.</summary>
    public string IdOf(EndpointSchema endpoint) =>
        endpoint.Service < application.Services.Count ? $"{application.Services[(int)endpoint.Service].Name}.{endpoint.Name}" : endpoint.Name;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">The method.</param>
    /// <param name="hasOthers">Whether it is described under other methods too.</param>
    /// <param name="pathNames">The names of the path's parameters, in order.</param>
    public JsonObject Write(EndpointSchema endpoint, string method, bool hasOthers, IReadOnlyList<string> pathNames)
    {
        var operation = new JsonObject { ["operationId"] = IdOf(endpoint) + (hasOthers ? "." + method.ToLowerInvariant() : "") };
        if (endpoint.Service < application.Services.Count)
        {
            operation["tags"] = new JsonArray(application.Services[(int)endpoint.Service].Name);
        }

        OpenApiNodes.Describe(operation, Description(endpoint));
        var request = _requests.Write(endpoint, method, pathNames);
        if (request.Parameters.Count > 0)
        {
            operation["parameters"] = request.Parameters;
        }

        if (request.Body is not null)
        {
            operation["requestBody"] = request.Body;
        }

        operation["responses"] = Responses(endpoint, request.IsValidated);
        if (endpoint.Auth)
        {
            operation["security"] = new JsonArray(new JsonObject { [SecurityScheme] = new JsonArray() });
        }

        return operation;
    }

    private static string Description(EndpointSchema endpoint)
    {
        string?[] parts =
        [
            endpoint.Doc,
            endpoint.Expose ? null : "Private: only the application itself can call it.",
            EndpointPath.Precedence(endpoint) switch
            {
                1 => "The last parameter takes the rest of the path, slashes included.",
                2 => "Answers what no other path does; the last parameter takes the rest of the path, slashes included.",
                _ => null,
            },
            endpoint.Kind switch
            {
                EndpointKind.StreamIn or EndpointKind.StreamOut or EndpointKind.StreamInOut => "A WebSocket: JSON in text frames.",
                _ => null,
            },
        ];
        return string.Join("\n\n", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    private JsonObject Responses(EndpointSchema endpoint, bool isValidated)
    {
        var responses = _responses.Write(endpoint);
        if (isValidated)
        {
            responses.TryAdd("400", ErrorSchemas.InvalidArgument());
        }

        if (endpoint.Auth)
        {
            responses.TryAdd("401", ErrorSchemas.Unauthenticated());
        }

        if (endpoint.Kind is EndpointKind.Typed or EndpointKind.Unspecified)
        {
            responses.TryAdd("default", ErrorSchemas.Error());
        }

        return responses;
    }
}
