using Bridge.Core.Schema;

namespace Encore.Host.Http.Cors;

/// <summary>The header fields that an application's exposed endpoints read and write.</summary>
/// <param name="Requests">Of requests and of the auth handler, lower case.</param>
/// <param name="Answers">Of answers, lower case.</param>
internal sealed record SchemaHeaders(IReadOnlySet<string> Requests, IReadOnlySet<string> Answers)
{
    /// <summary>Gathers them.</summary>
    public static SchemaHeaders Of(Application application)
    {
        var requests = new SortedSet<string>(StringComparer.Ordinal);
        var answers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in application.Endpoints.Where(endpoint => endpoint.Expose))
        {
            if (endpoint.HasRequest)
            {
                Gather(application, endpoint.Request, requests);
            }

            if (endpoint.HasResponse)
            {
                Gather(application, endpoint.Response, answers);
            }
        }

        if (AuthGate.HandlerOf(application) is { HasParams: true } handler)
        {
            Gather(application, handler.Params, requests);
        }

        return new SchemaHeaders(requests, answers);
    }

    // Fields travel in headers at the top level only, of an object or of each of a union's.
    private static void Gather(Application application, uint type, SortedSet<string> names)
    {
        var schema = application.Types_[(int)type];
        foreach (var option in schema.Union?.Options ?? [])
        {
            Gather(application, option, names);
        }

        names.UnionWith((schema.Object?.Fields ?? [])
            .Where(field => field.Wire is { Kind: WireKind.Header })
            .Select(field => field.Wire.Name.ToLowerInvariant()));
    }
}
