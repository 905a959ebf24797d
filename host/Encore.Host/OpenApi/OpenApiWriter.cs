using System.Text.Json.Nodes;
using Bridge.Core.Decoding;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>Describes an application's HTTP interface as an OpenAPI 3.1 document; the same artifact gives the same document.</summary>
public sealed class OpenApiWriter
{
    private readonly Application _application;
    private readonly OpenApiOptions _options;
    private readonly JsonSchemaWriter _schemas;
    private readonly OperationWriter _operations;
    private readonly List<string> _omissions = [];

    private OpenApiWriter(Application application, OpenApiOptions options)
    {
        _application = application;
        _options = options;
        _schemas = new JsonSchemaWriter(application, JsonSchemaStyle.OpenApi);
        _operations = new OperationWriter(application, _schemas);
    }

    /// <summary>Writes the document.</summary>
    /// <param name="application">The artifact.</param>
    /// <param name="options">What else it says.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static OpenApiDocument Write(Application application, OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(options);
        return new OpenApiWriter(application, options).Write();
    }

    private OpenApiDocument Write()
    {
        var endpoints = _application.Endpoints.Where(endpoint => endpoint.Expose || _options.IncludesPrivate).ToList();
        var paths = new OpenApiPaths(_operations, _omissions.Add);

        // What answers only where nothing else does comes last, and gives way.
        foreach (var endpoint in endpoints.OrderBy(EndpointPath.Precedence))
        {
            paths.Add(endpoint);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = _application.Name, ["version"] = _options.Version },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = _options.Server }),
            ["tags"] = Tags(endpoints),
            ["paths"] = paths.ToJson(),
            ["components"] = Components(endpoints.Exists(endpoint => endpoint.Auth)),
        };
        return new OpenApiDocument(document, paths.OperationCount, _omissions);
    }

    private JsonArray Tags(List<EndpointSchema> endpoints)
    {
        var used = endpoints.Select(endpoint => endpoint.Service).ToHashSet();
        var tags = new JsonArray();
        for (var index = 0; index < _application.Services.Count; index++)
        {
            if (!used.Contains((uint)index))
            {
                continue;
            }

            var service = _application.Services[index];
            var tag = new JsonObject { ["name"] = service.Name };
            OpenApiNodes.Describe(tag, service.Doc);
            tags.Add(tag);
        }

        return tags;
    }

    private JsonObject Components(bool hasAuth)
    {
        var components = new JsonObject
        {
            // Last: only now all types are known that the operations refer to.
            ["schemas"] = new JsonObject(
                _schemas.Definitions.Concat(_operations.Errors.Definitions)
                    .OrderBy(definition => definition.Key, StringComparer.Ordinal)
                    .Select(definition => KeyValuePair.Create<string, JsonNode?>(definition.Key, definition.Value))),
            ["responses"] = _operations.Errors.Responses(hasAuth),
        };
        if (hasAuth)
        {
            components["securitySchemes"] = new JsonObject
            {
                [OperationWriter.SecurityScheme] = new JsonObject
                {
                    ["type"] = "http",
                    ["scheme"] = "bearer",
                    ["description"] = "The application's auth handler decides what it takes.",
                },
            };
        }

        return components;
    }
}
