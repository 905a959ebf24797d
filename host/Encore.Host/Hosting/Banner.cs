using System.Globalization;
using System.Net;
using Bridge.Core.Schema;
using Encore.Host.Routing;

namespace Encore.Host.Hosting;

/// <summary>What a person reads when the application has started: where it is, what it offers, what to try.</summary>
internal static class Banner
{
    /// <summary>The text, in lines.</summary>
    public static string Compose(Application application, IPEndPoint address, TimeSpan startTime, string scheme = "http")
    {
        var origin = OriginOf(address, scheme);
        var lines = new List<string>
        {
            "",
            string.Create(CultureInfo.InvariantCulture, $"  encore-host listening on {origin} ({application.Name}, ready in {startTime.TotalMilliseconds:0} ms)"),
        };
        var rows = application.Endpoints.Select(endpoint => Describe(application, endpoint)).ToArray();
        if (rows.Length > 0)
        {
            var methodWidth = rows.Max(row => row.Methods.Length);
            var pathWidth = rows.Max(row => row.Path.Length);
            lines.Add("");
            lines.AddRange(rows.Select(row => $"  {row.Methods.PadRight(methodWidth)}  {row.Path.PadRight(pathWidth)}  {row.Name}"));
        }

        if (ExampleOf(application) is { } example)
        {
            lines.AddRange(["", "  Try: " + CurlLine(application, example, origin)]);
        }

        lines.AddRange(["", ""]);
        return string.Join('\n', lines);
    }

    // An address that listens everywhere is reached, from here, through the loopback.
    private static string OriginOf(IPEndPoint address, string scheme)
    {
        var reachable = address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : address.Address;
        return $"{scheme}://{new IPEndPoint(reachable, address.Port)}";
    }

    private static (string Methods, string Path, string Name) Describe(Application application, EndpointSchema endpoint)
    {
        var name = $"{application.Services[(int)endpoint.Service].Name}.{endpoint.Name}";
        return (string.Join(',', endpoint.Methods), RoutePath.Describe(endpoint.Path), endpoint.Expose ? name : name + " (private)");
    }

    // The simplest to call: exposed, by GET if there is one, with few parameters.
    private static EndpointSchema? ExampleOf(Application application) =>
        application.Endpoints
            .Where(endpoint => endpoint is { Expose: true, Auth: false })
            .OrderBy(endpoint => endpoint.Methods.Contains("GET") ? 0 : 1)
            .ThenBy(endpoint => endpoint.Path.Count(segment => segment.Kind != PathSegmentKind.Literal))
            .FirstOrDefault();

    private static string CurlLine(Application application, EndpointSchema endpoint, string origin)
    {
        var path = string.Concat(endpoint.Path.Select(segment => "/" + (segment.Kind == PathSegmentKind.Literal ? segment.Value : "1")));
        var method = endpoint.Methods.Contains("GET") ? "" : SampleMethod(endpoint);
        var body = method.Length > 0 && endpoint.HasRequest ? $" -H 'content-type: application/json' -d '{SampleJson.Of(application, endpoint)}'" : "";
        return $"curl {method}{origin}{(path.Length == 0 ? "/" : path)}{body}";
    }

    private static string SampleMethod(EndpointSchema endpoint) =>
        endpoint.Methods is ["*", ..] or [] ? "" : $"-X {endpoint.Methods[0]} ";
}
