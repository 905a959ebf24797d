using System.Text.Json;
using Bridge.Core.Decoding;
using Bridge.Core.Operations;
using Bridge.Core.Schema;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.ServiceCalls;

/// <summary>An endpoint that another host runs, as this one calls it. Immutable. Thread: any.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Address">Where calls go; null where the configuration doesn't say where the service is.</param>
/// <param name="Key">Signs calls; null where there is no address.</param>
/// <param name="IsSafe">Whether calling it twice is as good as once: its methods are GET and HEAD alone.</param>
/// <param name="Answer">Reads what it answers; null where that is nothing.</param>
internal sealed record RemoteEndpoint(string Service, string Name, Uri? Address, AuthKey? Key, bool IsSafe, MessagePlan? Answer)
{
    /// <summary>Of a stream: reads what its handler sends; null where that is nothing.</summary>
    public MessagePlan? Messages { get; init; }

    /// <summary>The endpoint as signatures name it.</summary>
    public string FullName => CallWire.NameOf(Service, Name);

    /// <summary>The endpoints that other hosts run, by their full names.</summary>
    public static IReadOnlyDictionary<string, RemoteEndpoint> AllOf(Application application, ServicePlacement placement) =>
        application.Endpoints
            .Where(endpoint => !placement.IsHosted(endpoint))
            .Select(endpoint => Of(application, endpoint, placement.LocationOf(endpoint.Service)))
            .ToDictionary(endpoint => endpoint.FullName, StringComparer.Ordinal);

    /// <summary>The endpoint that a script's operation is for.</summary>
    /// <param name="endpoints">The endpoints by their full names.</param>
    /// <param name="payload">Names it.</param>
    /// <param name="address">Where it is.</param>
    /// <exception cref="OperationException">The configuration doesn't say where.</exception>
    public static RemoteEndpoint Find(IReadOnlyDictionary<string, RemoteEndpoint> endpoints, JsonElement payload, out Uri address)
    {
        var endpoint = endpoints[CallWire.NameOf(payload.GetProperty("service").GetString() ?? "", payload.GetProperty("endpoint").GetString() ?? "")];
        address = endpoint.Address ?? throw new OperationException(
            "Error", $"{endpoint.FullName} isn't run by this host: add {endpoint.Service} to hosted_services, or its base_url to service_discovery, in infra.config.json");
        return endpoint;
    }

    private static RemoteEndpoint Of(Application application, EndpointSchema endpoint, ServiceLocation? location)
    {
        var service = application.Services[(int)endpoint.Service].Name;
        return new RemoteEndpoint(
            service,
            endpoint.Name,
            location is null ? null : new Uri(location.BaseUrl.TrimEnd('/') + CallWire.PathPrefix + CallWire.NameOf(service, endpoint.Name)),
            location?.Auth.Count > 0 ? location.Auth[0] : null,
            endpoint.Methods.Count > 0 && endpoint.Methods.All(method => method is "GET" or "HEAD"),
            endpoint.HasResponse ? MessagePlan.Compile(application, endpoint.Response, endpoint.Sensitive) : null)
        {
            Messages = endpoint.Stream is { HasOutgoing: true } stream ? MessagePlan.Compile(application, stream.Outgoing, endpoint.Sensitive) : null,
        };
    }
}
