using Bridge.Core.Decoding;
using Bridge.Core.Responses;
using Bridge.Core.Responses.Checking;
using Bridge.Core.Schema;
using Encore.Host.Routing;
using Encore.Host.ServiceCalls;
using Encore.Host.Static;
using Encore.Host.Streams;

namespace Encore.Host.Http;

/// <summary>The application's endpoints as routes.</summary>
public sealed class EndpointRoutes
{
    /// <summary>The body limit of an endpoint that declares none: 2 MiB.</summary>
    public const long DefaultBodyLimit = 2 * 1024 * 1024;

    /// <summary>What "unlimited" comes to: a body is one JSON text, and V8's longest string has 2^29 − 24 units.</summary>
    public const long LargestBody = 512 * 1024 * 1024;

    private const string AnyMethod = "*";

    private readonly Application _application;
    private readonly bool _checksAnswers;
    private readonly StaticPlaces? _files;
    private readonly ServicePlacement _placement;
    private readonly List<EndpointRoute> _routes = [];
    private readonly List<string> _problems = [];
    private readonly RouteTableBuilder _table = new();

    private EndpointRoutes(Application application, bool checksAnswers, StaticPlaces? files, ServicePlacement placement)
    {
        _application = application;
        _checksAnswers = checksAnswers;
        _files = files;
        _placement = placement;
        for (var id = 0; id < application.Endpoints.Count; id++)
        {
            if (placement.IsHosted(application.Endpoints[id]))
            {
                Add(id, application.Endpoints[id]);
            }
        }

        Table = _table.Build();
        Auth = AuthGate.Compile(application);
    }

    /// <summary>The application's auth handler, as the edge asks it.</summary>
    public AuthGate Auth { get; }

    /// <summary>Finds a route's number.</summary>
    public RouteTable Table { get; }

    /// <summary>What is wrong with the application's routes, a line for each; nothing may be served unless this is empty.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The first route of an endpoint; null where it doesn't run here.</summary>
    public EndpointRoute? OfEndpoint(int id) => _routes.Find(route => route.Id == id);

    /// <summary>The route with that number.</summary>
    public EndpointRoute this[int route] => _routes[route];

    /// <summary>Compiles the plans and the table of an application's endpoints.</summary>
    /// <param name="application">The application.</param>
    /// <param name="checksAnswers">Whether answers are compared with their types: in development.</param>
    public static EndpointRoutes Compile(Application application, bool checksAnswers = false) =>
        new(application, checksAnswers, files: null, ServicePlacement.AllOf(application));

    /// <summary>The same, of the services that run here, with their static files.</summary>
    internal static EndpointRoutes Compile(Application application, bool checksAnswers, StaticPlaces files, ServicePlacement placement) =>
        new(application, checksAnswers, files, placement);

    private void Add(int id, EndpointSchema endpoint)
    {
        var service = _application.Services[(int)endpoint.Service].Name;
        StaticEndpoint? files = null;
        if (endpoint.Kind == EndpointKind.Static && _files is not null)
        {
            files = StaticEndpoint.TryOpen(endpoint, _files, out var problem);
            if (problem is not null)
            {
                _problems.Add($"{service}.{endpoint.Name}: {problem}");
                return;
            }
        }
        else if (endpoint.Kind is not (EndpointKind.Typed or EndpointKind.Raw or EndpointKind.Unspecified) && !StreamPlan.IsStream(endpoint))
        {
            _problems.Add($"{service}.{endpoint.Name}: this version of encore-host doesn't serve endpoints of kind {endpoint.Kind}");
            return;
        }

        var response = ResponsePlan.Compile(_application, endpoint);
        var check = _checksAnswers ? ResponseCheck.Compile(_application, endpoint) : null;
        foreach (var method in MethodsOf(endpoint))
        {
            var route = new EndpointRoute
            {
                Id = id,
                Service = service,
                Endpoint = endpoint.Name,
                IsExposed = endpoint.Expose && _placement.ServesClients,
                NeedsAuth = endpoint.Auth,
                PathNames = [.. endpoint.Path.Where(segment => segment.Kind != PathSegmentKind.Literal).Select(segment => segment.Value)],
                BodyLimit = LimitOf(endpoint),
                Request = RequestPlan.Compile(_application, endpoint, method.Name()),
                Response = response,
                Stream = StreamPlan.Compile(_application, endpoint),
                Check = check,
                Static = files,
                IsRaw = endpoint.Kind == EndpointKind.Raw,
            };
            Register(method, endpoint, route);
        }
    }

    private void Register(RouteMethod method, EndpointSchema endpoint, EndpointRoute route)
    {
        var other = _table.Add(method, endpoint.Path, _routes.Count, route.IsExposed);
        if (other < 0)
        {
            _routes.Add(route);
            return;
        }

        var path = RoutePath.Describe(endpoint.Path);
        _problems.Add($"{route.Service}.{route.Endpoint}: {method.Name()} {path} is served by {_routes[other].Service}.{_routes[other].Endpoint} already");
    }

    /// <summary>The methods that an endpoint is declared for.</summary>
    /// <remarks>Streams are opened with GET.</remarks>
    public static IEnumerable<RouteMethod> MethodsOf(EndpointSchema endpoint) =>
        StreamPlan.IsStream(endpoint) || endpoint.Kind == EndpointKind.Static ? [RouteMethod.Get]
            : endpoint.Methods.Contains(AnyMethod) ? RouteMethods.All
            : endpoint.Methods.Select(RouteMethods.Parse).Where(method => method != RouteMethod.Unknown).Distinct();

    private static long LimitOf(EndpointSchema endpoint) => endpoint.BodyLimit switch
    {
        null => DefaultBodyLimit,
        { Unlimited: true } => LargestBody,
        { Bytes: var bytes } => (long)Math.Min(bytes, (ulong)LargestBody),
    };
}
