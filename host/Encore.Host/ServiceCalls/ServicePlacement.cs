using Bridge.Core.Schema;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.ServiceCalls;

/// <summary>Which of an application's services this process runs, and where the others are. Immutable. Thread: any.</summary>
internal sealed class ServicePlacement
{
    private const string KeyExample = """"auth": [{"type": "key", "id": 1, "key": {"$env": "SERVICE_KEY"}}]"""";

    private readonly bool[] _isHosted;
    private readonly ServiceLocation?[] _locations;

    private ServicePlacement(Application application, InfrastructureConfig infrastructure)
    {
        var hosted = infrastructure.HostedServices?.ToHashSet(StringComparer.Ordinal);
        _isHosted = [.. application.Services.Select(service => hosted?.Contains(service.Name) ?? true)];
        _locations = [.. application.Services.Select(service => infrastructure.ServiceDiscovery.GetValueOrDefault(service.Name))];
        Keys = infrastructure.Auth;
        ServesClients = infrastructure.HostedGateways is not [];
    }

    /// <summary>The keys of which a call from another host must have one; empty where none are taken.</summary>
    public IReadOnlyList<AuthKey> Keys { get; }

    /// <summary>Whether clients reach exposed endpoints here: a process without a gateway is for other hosts alone.</summary>
    public bool ServesClients { get; }

    /// <summary>Everything here.</summary>
    public static ServicePlacement AllOf(Application application) => new(application, InfrastructureConfig.Empty);

    /// <summary>Places an application's services.</summary>
    /// <param name="application">The application.</param>
    /// <param name="infrastructure">Says which run here, and where others are.</param>
    /// <param name="problems">Receives a line for each mistake.</param>
    public static ServicePlacement Of(Application application, InfrastructureConfig infrastructure, ICollection<string> problems)
    {
        var placement = new ServicePlacement(application, infrastructure);
        var names = application.Services.Select(service => service.Name).ToList();
        foreach (var unknown in (infrastructure.HostedServices ?? []).Except(names, StringComparer.Ordinal))
        {
            problems.Add($"hosted_services: the application has no service {unknown}; it has {string.Join(", ", names)}");
        }

        placement.FindMissing(application, problems);
        return placement;
    }

    /// <summary>Whether this process runs a service.</summary>
    /// <param name="service">The service's index in the schema.</param>
    public bool IsHosted(uint service) => _isHosted[service];

    /// <summary>Whether this process runs an endpoint.</summary>
    public bool IsHosted(EndpointSchema endpoint) => _isHosted[endpoint.Service];

    /// <summary>Where a service is that runs elsewhere; null where that isn't known.</summary>
    /// <param name="service">The service's index in the schema.</param>
    public ServiceLocation? LocationOf(uint service) => _isHosted[service] ? null : _locations[service];

    /// <summary>The application as far as it runs here, to show to people.</summary>
    public Application PartOf(Application application)
    {
        if (ServesClients && Array.TrueForAll(_isHosted, static isHosted => isHosted))
        {
            return application;
        }

        var part = application.Clone();
        part.Endpoints.Clear();
        part.Endpoints.AddRange(application.Endpoints.Where(IsHosted).Select(endpoint =>
        {
            var shown = endpoint.Clone();
            shown.Expose &= ServesClients;
            return shown;
        }));
        return part;
    }

    private void FindMissing(Application application, ICollection<string> problems)
    {
        for (var id = 0; id < _isHosted.Length; id++)
        {
            var name = application.Services[id].Name;
            if (_isHosted[id])
            {
                continue;
            }

            if (_locations[id] is { Auth: [] })
            {
                problems.Add($"service_discovery.{name}: there is no key to sign calls with; add {KeyExample} there, or once at the top of the file");
            }

            var callers = CallersOf(application, id);
            if (_locations[id] is null && callers.Length > 0)
            {
                problems.Add(
                    $"{string.Join(", ", callers)} calls the service {name}, which is neither hosted here nor known elsewhere; "
                    + $"""add "{name}" to hosted_services, or "{name}": """ + """{"base_url": "http://…"} to service_discovery""");
            }
        }
    }

    private string[] CallersOf(Application application, int service) =>
        [.. application.Services.Where((caller, id) => _isHosted[id] && caller.Calls.Contains((uint)service)).Select(caller => caller.Name)];
}
