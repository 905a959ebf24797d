using System.Text.Json.Nodes;
using Bridge.Core.Schema;

namespace Encore.Host.OpenApi;

/// <summary>The operations of a description by path and method.</summary>
/// <param name="operations">Writes an operation.</param>
/// <param name="omit">Told what can't be described.</param>
internal sealed class OpenApiPaths(OperationWriter operations, Action<string> omit)
{
    // The methods of a path item, in the specification's order (OpenAPI 3.1, "Path Item Object").
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

    private readonly SortedDictionary<string, PathItem> _items = new(StringComparer.Ordinal);

    /// <summary>How many operations there are.</summary>
    public int OperationCount => _items.Values.Sum(item => item.Operations.Count);

    /// <summary>Adds an endpoint, once for each of its methods.</summary>
    public void Add(EndpointSchema endpoint)
    {
        var path = EndpointPath.Of(endpoint);
        var isAny = endpoint.Methods.Contains("*");
        foreach (var method in isAny ? Methods : [.. endpoint.Methods])
        {
            if (!Methods.Contains(method, StringComparer.Ordinal))
            {
                omit($"{Name(endpoint, method)} is left out: OpenAPI 3.1 has no such method.");
                continue;
            }

            // A path item is one for all its methods, and so are its parameters' names; the host doesn't read those.
            if (!_items.TryGetValue(path.Shape, out var item))
            {
                item = new PathItem(path, Distinct(path.Parameters.Select(parameter => parameter.Value)));
                _items.Add(path.Shape, item);
            }

            if (item.Operations.ContainsKey(method))
            {
                if (!isAny)
                {
                    omit($"{Name(endpoint, method)} is left out: another endpoint answers paths of this form first.");
                }

                continue;
            }

            item.Operations.Add(method, operations.Write(endpoint, method, endpoint.Methods.Count > 1 || isAny, item.Names));
        }
    }

    /// <summary>The paths, sorted.</summary>
    public JsonObject ToJson()
    {
        var paths = new JsonObject();
        foreach (var item in _items.Values)
        {
            paths[item.Path.Template(item.Names)] = new JsonObject(
                Methods.Where(item.Operations.ContainsKey)
                    .Select(method => KeyValuePair.Create<string, JsonNode?>(method.ToLowerInvariant(), item.Operations[method])));
        }

        return paths;
    }

    private static List<string> Distinct(IEnumerable<string> names)
    {
        var distinct = new List<string>();
        foreach (var name in names)
        {
            var unique = name;
            while (distinct.Contains(unique))
            {
                unique += "_";
            }

            distinct.Add(unique);
        }

        return distinct;
    }

    private string Name(EndpointSchema endpoint, string method) => $"{method} of {operations.IdOf(endpoint)}";

    private sealed record PathItem(EndpointPath Path, IReadOnlyList<string> Names)
    {
        public Dictionary<string, JsonObject> Operations { get; } = new(StringComparer.Ordinal);
    }
}
